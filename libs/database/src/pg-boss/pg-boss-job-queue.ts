import {
  createSilentLogger,
  createSystemClock,
  createSystemRandom,
  InvalidArgumentError,
  type Clock,
  type JobQueue,
  type Logger,
} from '@espalier/core';
import type { Db } from 'pg-boss';
import { DatabaseDriverMissingError } from '../errors.js';
import { createQueueOverStore } from '../jobs/queue-over-store.js';
import { fromPostgresError } from '../postgres/postgres-errors.js';
import { createPgBossStore, installPgBossStore } from './pg-boss-store.js';

/** What `createPgBossJobQueue` takes. */
export interface PgBossJobQueueOptions {
  /** `postgres://…`; needs the package `pg-boss`. */
  readonly connectionString: string;
  /** The schema in which pg-boss keeps its tables. Default `pgboss`. */
  readonly schema?: string;
  /** Runs pg-boss's statements in place of a pool of its own; `backend` then tells what stands behind it. */
  readonly db?: Db;
  readonly backend?: 'postgres' | 'pglite';
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** How long a worker that gives no sign of life keeps its jobs. Units: ms. Default 30 000, at least 10 000. */
  readonly leaseMs?: number;
  /** How often a worker looks for jobs. Units: ms. Default 1000. */
  readonly pollMs?: number;
  /** The pause after a first failure, in whole seconds; it doubles with each further one. Units: ms. Default 1000. */
  readonly backoffMs?: number;
  /** How long final jobs, and with them their keys, are kept. Units: ms. Default 7 days. */
  readonly retentionMs?: number;
}

const DAY_MS = 86_400_000;

/**
 * Creates a job queue over pg-boss: many processes on many machines share the work through PostgreSQL.
 *
 * Differs from the embedded queue in this: a running job is `cancelled` at once, while its handler is still told; jobs
 * of a process that died are taken back by pg-boss's supervisor within about a minute after their lease; a run
 * that takes longer than 24 hours is begun again; waiting times are rounded up to seconds.
 *
 * @throws {DatabaseDriverMissingError} `ERR_DATABASE_DRIVER_MISSING`: `pg-boss` is not installed.
 * @throws {DatabaseUnreachableError} `ERR_DATABASE_UNREACHABLE`: no server answers.
 */
export async function createPgBossJobQueue(options: PgBossJobQueueOptions): Promise<JobQueue> {
  const clock = options.clock ?? createSystemClock();
  const logger = options.logger ?? createSilentLogger();
  const schema = options.schema ?? 'pgboss';
  const leaseMs = options.leaseMs ?? 30_000;
  const backoffMs = options.backoffMs ?? 1000;
  const retentionMs = options.retentionMs ?? 7 * DAY_MS;
  if (!/^[a-z_][a-z0-9_]{0,49}$/u.test(schema)) {
    throw new InvalidArgumentError({
      argument: 'schema',
      value: schema,
      expected: 'a lower-case SQL name of at most 50 characters',
    });
  }
  if (leaseMs < 10_000) {
    throw new InvalidArgumentError({
      argument: 'leaseMs',
      value: leaseMs,
      expected: '10000 or more, the shortest that pg-boss takes',
    });
  }

  const { PgBoss } = await loadPgBoss();
  const boss = new PgBoss({
    ...(options.db === undefined
      ? { connectionString: options.connectionString }
      : { db: options.db }),
    backend: options.backend ?? 'postgres',
    schema,
    schedule: false,
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
  });
  // Unheard, the event would end the process.
  boss.on('error', (error) => {
    logger.warn('pg-boss reports a fault; it will try again.', { error });
  });
  try {
    await boss.start();
    await installPgBossStore({ boss, schema });
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw fromPostgresError(error);
  }
  const queue = await createQueueOverStore({
    store: createPgBossStore({ boss, schema, clock, leaseMs, backoffMs, retentionMs }),
    clock,
    random: createSystemRandom(),
    logger,
    newId: () => '',
    leaseMs,
    pollMs: options.pollMs ?? 1000,
    backoffMs,
    retentionMs,
  });
  let closing: Promise<void> | undefined;
  const close: JobQueue['close'] = async (closeOptions) => {
    await queue.close(closeOptions);
    await boss.stop({ graceful: false });
  };
  return { ...queue, close: (closeOptions) => (closing ??= close(closeOptions)) };
}

async function loadPgBoss(): Promise<typeof import('pg-boss')> {
  try {
    return await import('pg-boss');
  } catch (error) {
    throw new DatabaseDriverMissingError({ packageName: 'pg-boss', cause: error });
  }
}
