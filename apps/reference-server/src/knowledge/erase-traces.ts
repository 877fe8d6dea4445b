import type { Database } from '@espalier/database';
import type { ErasureReportObject, RunObject } from '@espalier/protocol';
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

/** Runs whose record or events name the document. */
async function runsWith(database: Database<ServerTables>, documentId: string) {
  const name = `"documentId":${JSON.stringify(documentId)}`;
  // Dialects differ in how they escape; "_" stands for any character in all, and what fits too well is sorted out below.
  const pattern = `%${name.replaceAll(/[\\%]/gu, '_')}%`;
  const rows = await database.read
    .selectFrom('runs')
    .select(['id', 'document', 'finished_at_ms'])
    .where((eb) =>
      eb.or([
        eb('runs.document', 'like', pattern),
        eb.exists(
          eb
            .selectFrom('run_events')
            .select('run_events.id')
            .whereRef('run_events.run_id', '=', 'runs.id')
            .where('run_events.event', 'like', pattern),
        ),
      ]),
    )
    .execute();
  const named: typeof rows = [];
  for (const row of rows) {
    const events = await database.read
      .selectFrom('run_events')
      .select('event')
      .where('run_id', '=', row.id)
      .where('event', 'like', pattern)
      .execute();
    if ([row.document, ...events.map(({ event }) => event)].some((text) => text.includes(name)))
      named.push(row);
  }
  return named;
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
