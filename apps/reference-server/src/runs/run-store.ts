import type { Clock, Logger, RunState } from '@espalier/core';
import type { Database } from '@espalier/database';
import type { RunObject, RunStatus } from '@espalier/protocol';
import { createLeaseHolder } from '../state/create-lease-holder.js';
import type { RunMemorySeal } from '../state/run-memory-seal.js';
import type { ServerTables } from '../state/server-tables.js';

/** An event as it is stored and sent. */
export interface StoredEvent {
  readonly id: number;
  readonly type: string;
  /** The event as JSON text. */
  readonly json: string;
}

/** What a paused run needs to go on. */
export interface ResumeRecord {
  readonly state: RunState;
  /** The model and knowledge base that the run asked for by name; `null`: the agent's own. */
  readonly model: string | null;
  readonly knowledgeBase: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A run with who owns it. */
export interface OwnedRun {
  readonly keyId: string;
  readonly run: RunObject;
}

/** Keeps runs and their events. */
export interface RunStore {
  insert(owned: OwnedRun): Promise<void>;
  save(run: RunObject, resume: ResumeRecord | null): Promise<void>;
  get(id: string): Promise<OwnedRun | undefined>;
  resumeRecord(id: string): Promise<ResumeRecord | undefined>;
  /** Newest first. */
  list(options: {
    keyId?: string | undefined;
    agent?: string | undefined;
    status?: RunStatus | undefined;
    beforeId?: string | undefined;
    limit: number;
  }): Promise<readonly RunObject[]>;
  /** Queues an event; written with others soon. */
  append(runId: string, event: StoredEvent): void;
  flush(): Promise<void>;
  events(
    runId: string,
    options: { afterId: number; limit: number },
  ): Promise<readonly StoredEvent[]>;
  /** Removes the events of runs that ended before `beforeMs`; resolves to the number of events. */
  pruneEvents(options: { beforeMs: number }): Promise<number>;
  /**
   * Takes over the runs that were running when their process died, with the id of the last event that was written.
   *
   * Runs of other processes that share the database and live are left to them.
   */
  takeInterrupted(): Promise<readonly OwnedRun[]>;
  /** Renews no lease any more. */
  close(): Promise<void>;
}

/** A record as it is stored: what guardrails took out of the conversation is enciphered. */
type SealedRecord = ResumeRecord & { readonly sealedMemory?: string };

async function sealed(
  record: ResumeRecord,
  seal: RunMemorySeal | undefined,
): Promise<SealedRecord> {
  const { guardMemory, ...state } = record.state;
  if (guardMemory === undefined || seal === undefined) return { ...record, state };
  return { ...record, state, sealedMemory: await seal.seal(state.runId, guardMemory) };
}

async function opened(
  runId: string,
  { sealedMemory, ...record }: SealedRecord,
  seal: RunMemorySeal | undefined,
): Promise<ResumeRecord> {
  if (sealedMemory === undefined || seal === undefined) return record;
  const guardMemory = await seal.open(runId, sealedMemory);
  return { ...record, state: { ...record.state, guardMemory } };
}

const FLUSH_MS = 50;
const ROWS_PER_INSERT = 200;
const RUNS_PER_PRUNE = 50;

const finishedAtMs = (run: RunObject): number | null =>
  run.finishedAt === null ? null : Date.parse(run.finishedAt);

/** Creates the store; events go out in batches so that a stream never waits for the disk. */
export function createRunStore(options: {
  database: Database<ServerTables>;
  clock: Clock;
  logger: Logger;
  /** Names this store among all that share the database. */
  owner?: string;
  /** Without one, what guardrails remember of a paused run is forgotten. */
  seal?: RunMemorySeal;
}): RunStore {
  const { database, clock, logger, seal } = options;
  const leases = createLeaseHolder({
    async renew(lease) {
      await database.write(async (trx) => {
        await trx
          .updateTable('runs')
          .set(lease)
          .where('owner', '=', lease.owner)
          .where('status', '=', 'running')
          .execute();
      });
    },
    clock,
    logger,
    owner: options.owner,
  });
  /** Runs that this store's process drives from their beginning or took over. */
  const held = new Set<string>();
  const hold = (id: string): void => {
    held.add(id);
    leases.hold();
  };
  let queue: { run_id: string; id: number; event: string }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const writeQueue = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const rows = queue;
    queue = [];
    if (rows.length === 0) return;
    await database.write(async (trx) => {
      for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
        await trx
          .insertInto('run_events')
          .values(rows.slice(start, start + ROWS_PER_INSERT))
          // Of a run that another process took over meanwhile, its end is already there.
          .onConflict((conflict) => conflict.columns(['run_id', 'id']).doNothing())
          .execute();
      }
    });
  };
  const flush = (): Promise<void> => {
    writing = writing.catch(() => undefined).then(writeQueue);
    return writing;
  };
  const toOwned = (row: { key_id: string; document: string }): OwnedRun => ({
    keyId: row.key_id,
    run: JSON.parse(row.document) as RunObject,
  });

  return {
    async insert({ keyId, run }) {
      await database.write(async (trx) => {
        await trx
          .insertInto('runs')
          .values({
            id: run.id,
            key_id: keyId,
            agent: run.agent,
            status: run.status,
            created_at_ms: Date.parse(run.createdAt),
            document: JSON.stringify(run),
            finished_at_ms: finishedAtMs(run),
            resume: null,
            ...leases.lease(),
          })
          .execute();
      });
      hold(run.id);
    },
    async save(run, resume) {
      await flush();
      const kept = resume === null ? null : JSON.stringify(await sealed(resume, seal));
      const isHeld = held.has(run.id);
      await database.write(async (trx) => {
        const update = trx
          .updateTable('runs')
          .set({
            status: run.status,
            document: JSON.stringify(run),
            finished_at_ms: finishedAtMs(run),
            resume: kept,
          })
          .where('id', '=', run.id);
        await (isHeld ? update.where('owner', '=', leases.owner) : update).execute();
      });
      if (held.delete(run.id)) leases.letGo();
    },
    async get(id) {
      const row = await database.read
        .selectFrom('runs')
        .select(['key_id', 'document'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : toOwned(row);
    },
    async resumeRecord(id) {
      const row = await database.read
        .selectFrom('runs')
        .select('resume')
        .where('id', '=', id)
        .executeTakeFirst();
      if (typeof row?.resume !== 'string') return undefined;
      return opened(id, JSON.parse(row.resume) as SealedRecord, seal);
    },
    async list({ keyId, agent, status, beforeId, limit }) {
      let query = database.read
        .selectFrom('runs')
        .select(['key_id', 'document'])
        .orderBy('id', 'desc')
        .limit(limit);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      if (agent !== undefined) query = query.where('agent', '=', agent);
      if (status !== undefined) query = query.where('status', '=', status);
      if (beforeId !== undefined) query = query.where('id', '<', beforeId);
      return (await query.execute()).map((row) => toOwned(row).run);
    },
    append(runId, event) {
      queue.push({ run_id: runId, id: event.id, event: event.json });
      timer ??= setTimeout(() => {
        flush().catch((error: unknown) => {
          logger.error('Run events could not be written.', { error: String(error) });
        });
      }, FLUSH_MS);
    },
    flush,
    async events(runId, { afterId, limit }) {
      const rows = await database.read
        .selectFrom('run_events')
        .select(['id', 'event'])
        .where('run_id', '=', runId)
        .where('id', '>', afterId)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        type: (JSON.parse(row.event) as { type: string }).type,
        json: row.event,
      }));
    },
    async pruneEvents({ beforeMs }) {
      let removed = 0;
      for (;;) {
        // In small transactions, so that nothing else has to wait long for its turn to write.
        const runs = await database.read
          .selectFrom('runs')
          .select('id')
          .where('finished_at_ms', '<', beforeMs)
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom('run_events')
                .select('run_events.id')
                .whereRef('run_events.run_id', '=', 'runs.id'),
            ),
          )
          .limit(RUNS_PER_PRUNE)
          .execute();
        if (runs.length === 0) return removed;
        const ids = runs.map(({ id }) => id);
        removed += await database.write(async (trx) => {
          const { numDeletedRows } = await trx
            .deleteFrom('run_events')
            .where('run_id', 'in', ids)
            .executeTakeFirst();
          return Number(numDeletedRows);
        });
      }
    },
    async takeInterrupted() {
      const rows = await database.write(async (trx) => {
        const running = await trx
          .selectFrom('runs')
          .select(['id', 'key_id', 'document', 'owner', 'lease_until_ms'])
          .where('status', '=', 'running')
          .execute();
        const taken: typeof running = [];
        for (const row of running.filter((one) => leases.isAbandoned(one))) {
          const { numUpdatedRows } = await trx
            .updateTable('runs')
            .set(leases.lease())
            .where('id', '=', row.id)
            .where('status', '=', 'running')
            // Another process may take it at the same time.
            .where('owner', row.owner === null ? 'is' : '=', row.owner)
            .executeTakeFirst();
          if (numUpdatedRows > 0) taken.push(row);
        }
        return taken;
      });
      for (const { id } of rows) hold(id);
      return Promise.all(
        rows.map(async (row) => {
          const owned = toOwned(row);
          const last = await database.read
            .selectFrom('run_events')
            .select((eb) => eb.fn.max('id').as('id'))
            .where('run_id', '=', owned.run.id)
            .executeTakeFirst();
          return { ...owned, run: { ...owned.run, lastEventId: Number(last?.id ?? 0) } };
        }),
      );
    },
    async close() {
      leases.close();
      await flush();
    },
  };
}
