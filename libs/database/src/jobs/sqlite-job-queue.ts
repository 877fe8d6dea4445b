import {
  createIdGenerator,
  createSilentLogger,
  createSystemClock,
  createSystemRandom,
  InvalidArgumentError,
  type Clock,
  type EnqueueOptions,
  type IdGenerator,
  type JobQueue,
  type Logger,
  type Random,
  type StopWorking,
} from '@espalier/core';
import type { AnyDatabase, Database } from '../database.js';
import { createJobOwner, isJobOwnerDead } from './job-owner.js';
import { JOB_NAMESPACE, jobMigrations, type JobTables } from './job-schema.js';
import { createJobStore } from './job-store.js';
import { createJobWorker, type JobWorker } from './job-worker.js';

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
const PRUNE_EVERY_MS = 3_600_000;
const MAX_PAGE = 500;

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
  const retentionMs = options.retentionMs ?? 7 * DAY_MS;
  const database = options.database as Database<JobTables>;
  await database.migrate({ namespace: JOB_NAMESPACE, migrations: jobMigrations });

  const store = createJobStore({ database, clock, leaseMs, owner: createJobOwner(ids('queue')) });
  const workers = new Set<JobWorker>();
  let isClosed = false;
  let cancelTimer: (() => void) | undefined;
  let maintaining: Promise<void> = Promise.resolve();
  let prunedAtMs = clock.now();

  const wakeAll = (kind?: string): void => {
    for (const worker of workers) if (kind === undefined || worker.kind === kind) worker.wake();
  };

  const reclaim = async (): Promise<void> => {
    const lost = await store.reclaim(isJobOwnerDead);
    for (const { id, kind, attempts } of lost) logger.warn('A job lost its worker and is taken back.', { jobId: id, kind, attempts });
    if (lost.length > 0) wakeAll();
  };

  const extendLeases = async (): Promise<void> => {
    const runs = [...workers].flatMap((worker) => worker.runs());
    if (runs.length === 0) return;
    const kept = await store.extend(runs);
    for (const worker of workers) {
      for (const { id } of worker.runs().filter((run) => runs.includes(run))) {
        const state = kept.get(id);
        if (state === undefined) worker.abort(id, 'lost');
        else if (state.isCancelRequested) worker.abort(id, 'cancelled');
      }
    }
  };

  const maintain = async (): Promise<void> => {
    try {
      await extendLeases();
      await reclaim();
      if (clock.now() - prunedAtMs >= PRUNE_EVERY_MS) {
        prunedAtMs = clock.now();
        await store.prune(clock.now() - retentionMs);
      }
    } catch (error) {
      logger.warn('Could not look after the leases of jobs; will try again.', { error });
    }
    schedule();
  };
  const schedule = (): void => {
    if (isClosed || workers.size === 0) cancelTimer = undefined;
    else cancelTimer = clock.setTimer(leaseMs / 3, () => void (maintaining = maintain()));
  };

  await reclaim();

  return {
    specificationVersion: 'v1',
    async enqueue(job) {
      job.abortSignal?.throwIfAborted();
      checkJob(job);
      const added = await store.add(ids('job'), { ...job, maxAttempts: job.maxAttempts ?? 3 });
      wakeAll(job.kind);
      return added;
    },
    async work(work) {
      checkCount('concurrency', work.concurrency ?? 1);
      const worker = createJobWorker({
        ...work,
        store,
        clock,
        random,
        logger,
        pollMs: options.pollMs ?? 1000,
        backoffMs: options.backoffMs ?? 1000,
      });
      workers.add(worker);
      if (cancelTimer === undefined) schedule();
      const stop: StopWorking = async (stopOptions) => {
        await worker.stop(stopOptions);
        workers.delete(worker);
      };
      return stop;
    },
    get: (id) => store.get(id),
    async list({ limit = 50, ...filter } = {}) {
      checkCount('limit', limit);
      return store.list({ ...filter, limit: Math.min(limit, MAX_PAGE) });
    },
    async cancel(id) {
      const job = await store.cancel(id);
      if (job?.status === 'running') for (const worker of workers) worker.abort(id, 'cancelled');
      return job;
    },
    async close(stopOptions) {
      await Promise.all([...workers].map((worker) => worker.stop(stopOptions)));
      isClosed = true;
      workers.clear();
      cancelTimer?.();
      await maintaining;
      cancelTimer?.();
    },
  };
}

function checkJob(job: EnqueueOptions): void {
  if (job.kind === '') throw new InvalidArgumentError({ argument: 'kind', value: job.kind, expected: 'the name of a kind' });
  checkCount('maxAttempts', job.maxAttempts ?? 1);
  const runAfterMs = job.runAfterMs ?? 0;
  if (!Number.isFinite(runAfterMs) || runAfterMs < 0) {
    throw new InvalidArgumentError({ argument: 'runAfterMs', value: runAfterMs, expected: 'a number of milliseconds, 0 or more' });
  }
}

function checkCount(argument: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError({ argument, value, expected: 'a whole number, 1 or more' });
  }
}
