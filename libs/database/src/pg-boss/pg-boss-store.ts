import { InvalidArgumentError, type Clock, type Job, type JsonValue } from '@espalier/core';
import type { PgBoss } from 'pg-boss';
import type { JobRun, JobStore } from '../jobs/job-store.js';
import { fromPostgresError } from '../postgres/postgres-errors.js';
import { bossIdOf, bossStatesOf, fromBossRow, type BossRow } from './pg-boss-rows.js';

/** pg-boss ends a run after this time at the latest. Units: s. */
const MAX_RUN_SECONDS = 86_400;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** What `createPgBossStore` takes. */
export interface PgBossStoreOptions {
  readonly boss: PgBoss;
  /** The schema of pg-boss; letters, digits and `_` only. */
  readonly schema: string;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly backoffMs: number;
  readonly retentionMs: number;
}

/** Creates the table for what pg-boss has no place for: the progress of a running job. */
export async function installPgBossStore({
  boss,
  schema,
}: Pick<PgBossStoreOptions, 'boss' | 'schema'>): Promise<void> {
  await boss
    .getDb()
    .executeSql(
      `create table if not exists ${schema}.espalier_progress (job_id uuid primary key, progress jsonb not null)`,
    );
}

/** Creates the statements of a queue over pg-boss's own calls, with its tables read where it has no call. */
export function createPgBossStore(options: PgBossStoreOptions): JobStore {
  const { boss, schema, clock } = options;
  const known = new Map<string, Promise<void>>();
  const toMs = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
  const columns = `j.id, j.name, j.state::text as state, j.data, j.output, j.retry_count,
    ${toMs('j.created_on')} as created_ms, ${toMs('j.start_after')} as start_after_ms,
    ${toMs('j.started_on')} as started_ms, ${toMs('j.completed_on')} as completed_ms,
    coalesce(p.progress, 'null'::jsonb) as progress`;
  const from = `${schema}.job j left join ${schema}.espalier_progress p on p.job_id = j.id`;

  const typed = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw fromPostgresError(error);
    }
  };
  const query = async <Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    const { rows } = await boss.getDb().executeSql(text, [...values]);
    return rows as Row[];
  };
  const ready = (kind: string): Promise<void> => {
    let queue = known.get(kind);
    if (queue === undefined) {
      if (!/^[\w./-]{1,240}$/u.test(kind)) {
        throw new InvalidArgumentError({
          argument: 'kind',
          value: kind,
          expected: '1 to 240 letters, digits, "_", "-", "." or "/"',
        });
      }
      queue = boss.createQueue(kind).catch((error: unknown) => {
        known.delete(kind);
        throw error;
      });
      known.set(kind, queue);
    }
    return queue;
  };
  const get = async (id: string): Promise<Job | undefined> => {
    if (!UUID.test(id)) return undefined;
    const [row] = await query<BossRow>(`select ${columns} from ${from} where j.id = $1`, [id]);
    return row === undefined ? undefined : fromBossRow(row);
  };
  const attemptOf = (run: JobRun): { id: string; retryCount: number } => ({
    id: run.id,
    retryCount: run.attempts - 1,
  });

  return {
    add: (_, job) =>
      typed(async () => {
        await ready(job.kind);
        const id = bossIdOf(job.kind, job.key);
        const data = {
          payload: job.payload,
          maxAttempts: job.maxAttempts,
          ...(job.key === undefined ? {} : { key: job.key }),
        };
        await boss.send(job.kind, data, {
          id,
          retryLimit: job.maxAttempts - 1,
          retryDelay: Math.max(1, Math.round(options.backoffMs / 1000)),
          retryBackoff: true,
          retryDelayMax: 300,
          heartbeatSeconds: Math.max(10, Math.ceil(options.leaseMs / 1000)),
          expireInSeconds: MAX_RUN_SECONDS,
          deleteAfterSeconds: Math.max(1, Math.ceil(options.retentionMs / 1000)),
          ...(job.runAfterMs === undefined ? {} : { startAfter: Math.ceil(job.runAfterMs / 1000) }),
        });
        const added = await get(id);
        if (added === undefined) throw new Error(`pg-boss has no job ${id} after it was sent.`);
        return added;
      }),

    get: (id) => typed(() => get(id)),

    list: ({ kind, status, cursor, limit }) =>
      typed(async () => {
        const conditions: string[] = ["j.name not like '\\_\\_%'"];
        const values: unknown[] = [];
        const where = (condition: (...places: string[]) => string, ...given: unknown[]): void => {
          conditions.push(condition(...given.map((value) => `$${values.push(value)}`)));
        };
        if (kind !== undefined) where((place) => `j.name = ${place}`, kind);
        if (status !== undefined)
          where((place) => `j.state::text = any(${place}::text[])`, bossStatesOf(status));
        if (cursor !== undefined) {
          where(
            (time, id) => `(${toMs('j.created_on')}, j.id) < (${time}::float8, ${id}::uuid)`,
            ...readCursor(cursor),
          );
        }
        const place = `$${values.push(limit + 1)}`;
        const rows = await query<BossRow>(
          `select ${columns} from ${from} where ${conditions.join(' and ')}
           order by ${toMs('j.created_on')} desc, j.id desc limit ${place}`,
          values,
        );
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        return {
          jobs: page.map(fromBossRow),
          nextCursor:
            rows.length > limit && last !== undefined ? `${last.created_ms}_${last.id}` : undefined,
        };
      }),

    cancel: (id) =>
      typed(async () => {
        const job = await get(id);
        if (job === undefined || (job.status !== 'queued' && job.status !== 'running')) return job;
        await boss.cancel(job.kind, id);
        return get(id);
      }),

    nextDueMs: (kind) =>
      typed(async () => {
        await ready(kind);
        const [row] = await query<{ wait_ms: number | null }>(
          `select ${toMs('(min(start_after) - now())')} as wait_ms from ${schema}.job where name = $1 and state < 'active'`,
          [kind],
        );
        const waitMs = row?.wait_ms ?? undefined;
        return waitMs === undefined ? undefined : clock.now() + waitMs;
      }),

    claim: (kind, limit) =>
      typed(async () => {
        const fetched = await boss.fetch(kind, { batchSize: limit });
        const jobs = await Promise.all(fetched.map(({ id }) => get(id)));
        return jobs.filter((job) => job !== undefined);
      }),

    extend: (runs) =>
      typed(async () => {
        const kept = new Map<string, { isCancelRequested: boolean }>();
        for (const run of runs) {
          await boss.touch(run.kind, attemptOf(run));
          const job = await get(run.id);
          if (job?.status === 'cancelled') kept.set(run.id, { isCancelRequested: true });
          if (job?.status === 'running' && job.attempts === run.attempts)
            kept.set(run.id, { isCancelRequested: false });
        }
        return kept;
      }),

    setProgress: (run, progress: JsonValue) =>
      typed(async () => {
        await query(
          `insert into ${schema}.espalier_progress (job_id, progress)
           select id, $2::jsonb from ${schema}.job where id = $1 and state = 'active' and retry_count = $3
           on conflict (job_id) do update set progress = excluded.progress`,
          [run.id, JSON.stringify(progress), run.attempts - 1],
        );
      }),

    finish: (run, outcome) =>
      typed(async () => {
        switch (outcome.status) {
          case 'succeeded':
            await boss.complete(run.kind, attemptOf(run), { result: outcome.result });
            break;
          case 'cancelled':
            await boss.cancel(run.kind, attemptOf(run));
            break;
          case 'failed':
            // pg-boss would repeat it while repetitions are left.
            await query(
              `update ${schema}.job set retry_limit = retry_count where id = $1 and state = 'active' and retry_count = $2`,
              [run.id, run.attempts - 1],
            );
            await boss.fail(run.kind, attemptOf(run), { ...outcome.error });
            break;
          case 'queued':
            if (outcome.givesAttemptBack !== true) {
              await boss.fail(run.kind, attemptOf(run), { ...outcome.error });
              break;
            }
            // Without a beginning, the next fetch does not count as a repetition.
            await query(
              `update ${schema}.job set state = 'created', started_on = null, heartbeat_on = null, start_after = now()
               where id = $1 and state = 'active' and retry_count = $2`,
              [run.id, run.attempts - 1],
            );
            break;
        }
      }),

    // pg-boss's own supervisor takes jobs back whose heartbeat stopped, and deletes what is past its time.
    reclaim: () => Promise.resolve([]),
    prune: () =>
      typed(async () => {
        await query(
          `delete from ${schema}.espalier_progress p where not exists (select from ${schema}.job j where j.id = p.job_id)`,
          [],
        );
      }),
  };
}

function readCursor(cursor: string): readonly [number, string] {
  const [time, id] = cursor.split('_');
  if (id !== undefined && UUID.test(id) && Number.isFinite(Number(time))) return [Number(time), id];
  throw new InvalidArgumentError({
    argument: 'cursor',
    value: cursor,
    expected: 'the nextCursor of an earlier page',
  });
}
