import {
  InvalidArgumentError,
  type Clock,
  type EnqueueOptions,
  type ErrorInfo,
  type Job,
  type JobPage,
  type JobStatus,
  type JsonValue,
} from '@espalier/core';
import type { Transaction } from 'kysely';
import type { Database } from '../database.js';
import { JobLostError } from './job-errors.js';
import { toJob, type JobRow, type JobTables } from './job-schema.js';

/** Which run of a job a write is about; a run that has lost its lease matches nothing any more. */
export interface JobRun {
  readonly id: string;
  readonly kind: string;
  readonly attempts: number;
}

/** What becomes of a job after a run. */
export type JobOutcome =
  | { readonly status: 'succeeded'; readonly result: JsonValue }
  | { readonly status: 'failed' | 'cancelled'; readonly error?: ErrorInfo }
  | {
      readonly status: 'queued';
      readonly runAtMs: number;
      readonly error?: ErrorInfo;
      readonly givesAttemptBack?: boolean;
    };

/** The journal as one owner of leases sees it. */
export interface JobStore {
  add(id: string, options: EnqueueOptions & { maxAttempts: number }): Promise<Job>;
  get(id: string): Promise<Job | undefined>;
  list(options: {
    kind?: string;
    status?: JobStatus;
    cursor?: string;
    limit: number;
  }): Promise<JobPage>;
  cancel(id: string): Promise<Job | undefined>;
  /** When the next job of the kind is due; `undefined` where none waits. */
  nextDueMs(kind: string): Promise<number | undefined>;
  claim(kind: string, limit: number): Promise<readonly Job[]>;
  /** Resolves to those of the runs that still hold their lease, with whether they were told to stop. */
  extend(runs: readonly JobRun[]): Promise<ReadonlyMap<string, { isCancelRequested: boolean }>>;
  setProgress(run: JobRun, progress: JsonValue): Promise<void>;
  finish(run: JobRun, outcome: JobOutcome): Promise<void>;
  /** Takes back what runs without a living owner. Resolves to the jobs concerned, as they were. */
  reclaim(): Promise<readonly Job[]>;
  /** Removes final jobs that ended before this time. */
  prune(beforeMs: number): Promise<void>;
}

const NO_LEASE = { lease_owner: null, lease_until_ms: null } as const;

/** Creates the journal's statements over a database that has its tables. */
export function createJobStore(options: {
  database: Database<JobTables>;
  clock: Clock;
  owner: string;
  leaseMs: number;
  /** Whether the holder of a lease is surely gone, so that its lease need not run out. */
  isOwnerDead: (owner: string) => boolean;
}): JobStore {
  const { database, clock, owner, leaseMs } = options;
  const forUpdate = <Query extends { forUpdate(): Query; skipLocked(): Query }>(
    query: Query,
  ): Query => (database.dialect === 'postgres' ? query.forUpdate().skipLocked() : query);
  const held = (trx: Transaction<JobTables>, run: JobRun) =>
    trx
      .updateTable('espalier_jobs')
      .where('id', '=', run.id)
      .where('attempts', '=', run.attempts)
      .where('lease_owner', '=', owner)
      .where('status', '=', 'running');

  return {
    add: (id, job) =>
      database.write(async (trx) => {
        const nowMs = clock.now();
        const row: JobRow = {
          id,
          kind: job.kind,
          key: job.key ?? null,
          payload: JSON.stringify(job.payload),
          status: 'queued',
          attempts: 0,
          max_attempts: job.maxAttempts,
          progress: 'null',
          result: 'null',
          error: null,
          is_cancel_requested: 0,
          created_at_ms: nowMs,
          run_at_ms: nowMs + (job.runAfterMs ?? 0),
          started_at_ms: null,
          finished_at_ms: null,
          ...NO_LEASE,
        };
        const added = await trx
          .insertInto('espalier_jobs')
          .values(row)
          .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
          .returningAll()
          .executeTakeFirst();
        if (added !== undefined) return toJob(added);
        const existing = await trx
          .selectFrom('espalier_jobs')
          .selectAll()
          .where('kind', '=', job.kind)
          .where('key', '=', job.key ?? '')
          .executeTakeFirstOrThrow();
        return toJob(existing);
      }),

    async get(id) {
      const row = await database.read
        .selectFrom('espalier_jobs')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : toJob(row);
    },

    async list({ kind, status, cursor, limit }) {
      let query = database.read.selectFrom('espalier_jobs').selectAll();
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (status !== undefined) query = query.where('status', '=', status);
      if (cursor !== undefined) query = query.where('id', '<', readCursor(cursor));
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const jobs = rows.slice(0, limit).map(toJob);
      return { jobs, nextCursor: rows.length > limit ? jobs.at(-1)?.id : undefined };
    },

    cancel: (id) =>
      database.write(async (trx) => {
        await trx
          .updateTable('espalier_jobs')
          .set({ status: 'cancelled', finished_at_ms: clock.now() })
          .where('id', '=', id)
          .where('status', '=', 'queued')
          .execute();
        await trx
          .updateTable('espalier_jobs')
          .set({ is_cancel_requested: 1 })
          .where('id', '=', id)
          .where('status', '=', 'running')
          .execute();
        const row = await trx
          .selectFrom('espalier_jobs')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        return row === undefined ? undefined : toJob(row);
      }),

    async nextDueMs(kind) {
      const row = await database.read
        .selectFrom('espalier_jobs')
        .select('run_at_ms')
        .where('kind', '=', kind)
        .where('status', '=', 'queued')
        .orderBy('run_at_ms')
        .limit(1)
        .executeTakeFirst();
      return row?.run_at_ms;
    },

    claim: (kind, limit) =>
      database.write(async (trx) => {
        const nowMs = clock.now();
        const due = await forUpdate(
          trx
            .selectFrom('espalier_jobs')
            .select('id')
            .where('kind', '=', kind)
            .where('status', '=', 'queued')
            .where('run_at_ms', '<=', nowMs)
            .orderBy('run_at_ms')
            .orderBy('id')
            .limit(limit),
        ).execute();
        if (due.length === 0) return [];
        const rows = await trx
          .updateTable('espalier_jobs')
          .set((expression) => ({
            status: 'running',
            attempts: expression('attempts', '+', 1),
            started_at_ms: nowMs,
            lease_owner: owner,
            lease_until_ms: nowMs + leaseMs,
          }))
          .where(
            'id',
            'in',
            due.map(({ id }) => id),
          )
          .returningAll()
          .execute();
        return rows.map(toJob).sort((a, b) => a.runAtMs - b.runAtMs || (a.id < b.id ? -1 : 1));
      }),

    extend: (runs) =>
      database.write(async (trx) => {
        const kept = new Map<string, { isCancelRequested: boolean }>();
        for (const run of runs) {
          const row = await held(trx, run)
            .set({ lease_until_ms: clock.now() + leaseMs })
            .returning('is_cancel_requested')
            .executeTakeFirst();
          if (row !== undefined)
            kept.set(run.id, { isCancelRequested: row.is_cancel_requested === 1 });
        }
        return kept;
      }),

    setProgress: (run, progress) =>
      database.write(async (trx) => {
        await held(trx, run)
          .set({ progress: JSON.stringify(progress) })
          .execute();
      }),

    finish: (run, outcome) =>
      database.write(async (trx) => {
        await held(trx, run)
          .set({ ...NO_LEASE, ...changesOf(outcome, run, clock.now()) })
          .execute();
      }),

    reclaim: () =>
      database.write(async (trx) => {
        const nowMs = clock.now();
        const running = await forUpdate(
          trx.selectFrom('espalier_jobs').selectAll().where('status', '=', 'running'),
        ).execute();
        const lost = running.filter(
          ({ lease_owner: by, lease_until_ms: untilMs }) =>
            by !== owner && ((untilMs ?? 0) <= nowMs || options.isOwnerDead(by ?? '')),
        );
        for (const row of lost) {
          const run = { id: row.id, kind: row.kind, attempts: row.attempts };
          await trx
            .updateTable('espalier_jobs')
            .set({ ...NO_LEASE, ...changesOf(outcomeOfLoss(row, nowMs), run, nowMs) })
            .where('id', '=', row.id)
            .execute();
        }
        return lost.map(toJob);
      }),

    prune: (beforeMs) =>
      database.write(async (trx) => {
        await trx
          .deleteFrom('espalier_jobs')
          .where('status', 'in', ['succeeded', 'failed', 'cancelled'])
          .where('finished_at_ms', '<', beforeMs)
          .execute();
      }),
  };
}

function outcomeOfLoss(row: JobRow, nowMs: number): JobOutcome {
  if (row.is_cancel_requested === 1) return { status: 'cancelled' };
  const { code, message, isRetryable } = new JobLostError({ id: row.id });
  const error = { code, message, isRetryable };
  return row.attempts >= row.max_attempts
    ? { status: 'failed', error }
    : { status: 'queued', runAtMs: nowMs, error };
}

function changesOf(outcome: JobOutcome, run: JobRun, nowMs: number): Partial<JobRow> {
  switch (outcome.status) {
    case 'succeeded':
      return {
        status: 'succeeded',
        result: JSON.stringify(outcome.result),
        error: null,
        finished_at_ms: nowMs,
      };
    case 'failed':
    case 'cancelled':
      return {
        status: outcome.status,
        ...(outcome.error === undefined ? {} : { error: JSON.stringify(outcome.error) }),
        finished_at_ms: nowMs,
      };
    case 'queued':
      return {
        status: 'queued',
        run_at_ms: outcome.runAtMs,
        attempts: outcome.givesAttemptBack === true ? run.attempts - 1 : run.attempts,
        ...(outcome.error === undefined ? {} : { error: JSON.stringify(outcome.error) }),
      };
  }
}

function readCursor(cursor: string): string {
  if (/^[\w-]{1,200}$/u.test(cursor)) return cursor;
  throw new InvalidArgumentError({
    argument: 'cursor',
    value: cursor,
    expected: 'the nextCursor of an earlier page',
  });
}
