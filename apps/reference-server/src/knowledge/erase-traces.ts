import type { Database } from '@espalier/database';
import type { ErasureReportObject, RunObject } from '@espalier/protocol';
import { sql } from 'kysely';
import type { ServerTables } from '../state/server-tables.js';

/** What was said with the help of a document that is gone. */
export const ERASED_OUTPUT = '[erased with a document that it was made of]';

const RUNS_PER_STEP = 50;

/**
 * Removes what runs kept of documents: events with their passages, answers and citations that quote them, and answers
 * kept for repeated requests; then rewrites the database's file.
 *
 * That a run took place, when, whose it was and what it cost stays. A run that is still going on keeps its events until
 * it is over, which the result tells.
 */
export async function eraseTraces(options: {
  database: Database<ServerTables>;
  knowledgeBase: string;
  documentIds: readonly string[];
}): Promise<ErasureReportObject['places'][number]> {
  const { database, knowledgeBase, documentIds } = options;
  const found = new Map<string, { isOver: boolean }>();
  for (const id of documentIds) {
    for (const run of await runsWith(database, id)) {
      const base = (JSON.parse(run.document) as RunObject).knowledgeBase;
      if (base === null || base === knowledgeBase)
        found.set(run.id, { isOver: run.finished_at_ms !== null });
    }
  }
  const over = [...found].filter(([, { isOver }]) => isOver).map(([id]) => id);
  for (let start = 0; start < over.length; start += RUNS_PER_STEP) {
    await eraseRuns(database, over.slice(start, start + RUNS_PER_STEP));
  }
  if (over.length > 0) await database.purge();
  const running = found.size - over.length;
  return {
    place: 'runs',
    removed: over.length,
    isPurged: running === 0,
    ...(running > 0 && {
      problem: `${running} runs that read it are not over; erase it again when they are`,
    }),
  };
}

async function runsWith(database: Database<ServerTables>, documentId: string) {
  const needle = `%"documentId":${JSON.stringify(documentId)}%`.replaceAll(/[\\_]/gu, '\\$&');
  const holds = (column: string) => sql<boolean>`${sql.ref(column)} like ${needle} escape '\\'`;
  return database.read
    .selectFrom('runs')
    .select(['id', 'document', 'finished_at_ms'])
    .where((eb) =>
      eb.or([
        holds('runs.document'),
        eb.exists(
          eb
            .selectFrom('run_events')
            .select('run_events.id')
            .whereRef('run_events.run_id', '=', 'runs.id')
            .where(holds('run_events.event')),
        ),
      ]),
    )
    .execute();
}

async function eraseRuns(database: Database<ServerTables>, ids: readonly string[]): Promise<void> {
  await database.write(async (trx) => {
    const rows = await trx
      .selectFrom('runs')
      .select(['id', 'document'])
      .where('id', 'in', ids)
      .execute();
    for (const row of rows) {
      const run = JSON.parse(row.document) as RunObject;
      const erased: RunObject = {
        ...run,
        output: run.output === null ? null : ERASED_OUTPUT,
        citations: [],
        newMessages: [],
      };
      await trx
        .updateTable('runs')
        .set({ document: JSON.stringify(erased), resume: null })
        .where('id', '=', row.id)
        .execute();
      await trx
        .deleteFrom('idempotency')
        .where('answer', 'like', `%"id":${JSON.stringify(row.id)}%`)
        .execute();
    }
    await trx.deleteFrom('run_events').where('run_id', 'in', ids).execute();
  });
}
