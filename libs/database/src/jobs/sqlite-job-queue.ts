import {
  createIdGenerator,
  createSilentLogger,
  createSystemClock,
  createSystemRandom,
  type Clock,
  type IdGenerator,
  type JobQueue,
  type Logger,
  type Random,
} from '@espalier/core';
import type { AnyDatabase, Database } from '../database.js';
import { createLeaseOwner, isLeaseOwnerDead } from './lease-owner.js';
import { JOB_NAMESPACE, jobMigrations, type JobTables } from './job-schema.js';
import { createJobStore } from './job-store.js';
import { createQueueOverStore } from './queue-over-store.js';

/** What `createSqliteJobQueue` takes. */
export interface SqliteJobQueueOptions {
  /** Where the journal is kept; it brings its own tables. The caller closes it, after the queue. */
  readonly database: AnyDatabase;
  readonly clock?: Clock;
  readonly ids?: IdGenerator;
  /** Spreads the pauses between attempts. */
  readonly random?: Random;
  readonly logger?: Logger;
  /**
   * How long a worker that gives no sign of life keeps its jobs. Units: ms. Default 30 000.
   *
   * A process that died on this machine is noticed without waiting for it.
   */
  readonly leaseMs?: number;
  /** How often a worker looks for jobs that other processes enqueued. Units: ms. Default 1000. */
  readonly pollMs?: number;
  /** The pause after a first failure; it doubles with each further one, up to 5 minutes. Units: ms. Default 1000. */
  readonly backoffMs?: number;
  /** How long final jobs, and with them their keys, are kept. Units: ms. Default 7 days. */
  readonly retentionMs?: number;
}

const DAY_MS = 86_400_000;

/**
 * Creates a durable job queue that keeps its journal in a database, the embedded one or PostgreSQL.
 *
 * Jobs that ran in a process that is gone are queued again before this resolves.
 */
export async function createSqliteJobQueue(options: SqliteJobQueueOptions): Promise<JobQueue> {
  const clock = options.clock ?? createSystemClock();
  const random = options.random ?? createSystemRandom();
  const ids = options.ids ?? createIdGenerator({ clock, random });
  const logger = options.logger ?? createSilentLogger();
  const leaseMs = options.leaseMs ?? 30_000;
  const database = options.database as Database<JobTables>;
  await database.migrate({ namespace: JOB_NAMESPACE, migrations: jobMigrations });

  const store = createJobStore({
    database,
    clock,
    leaseMs,
    owner: createLeaseOwner(ids('queue')),
    isOwnerDead: isLeaseOwnerDead,
  });
  return createQueueOverStore({
    store,
    clock,
    random,
    logger,
    leaseMs,
    newId: () => ids('job'),
    pollMs: options.pollMs ?? 1000,
    backoffMs: options.backoffMs ?? 1000,
    retentionMs: options.retentionMs ?? 7 * DAY_MS,
  });
}
