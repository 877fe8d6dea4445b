import {
  InvalidArgumentError,
  type Clock,
  type EnqueueOptions,
  type JobQueue,
  type Logger,
  type Random,
  type StopWorking,
} from '@espalier/core';
import type { JobStore } from './job-store.js';
import { createJobWorker, type JobWorker } from './job-worker.js';

/** What `createQueueOverStore` takes. All times in ms. */
export interface QueueOverStoreOptions {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly backoffMs: number;
  readonly retentionMs: number;
}

const PRUNE_EVERY_MS = 3_600_000;
const MAX_PAGE = 500;

/** Creates a queue that keeps its jobs in a store; what lost its worker is taken back before this resolves. */
export async function createQueueOverStore(options: QueueOverStoreOptions): Promise<JobQueue> {
  const { store, clock, logger, leaseMs, retentionMs } = options;
  const workers = new Set<JobWorker>();
  let isClosed = false;
  let cancelTimer: (() => void) | undefined;
  let maintaining: Promise<void> = Promise.resolve();
  let prunedAtMs = clock.now();

  const wakeAll = (kind?: string): void => {
    for (const worker of workers) if (kind === undefined || worker.kind === kind) worker.wake();
  };

  const reclaim = async (): Promise<void> => {
    const lost = await store.reclaim();
    for (const { id, kind, attempts } of lost)
      logger.warn('A job lost its worker and is taken back.', { jobId: id, kind, attempts });
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
      const added = await store.add(options.newId(), { ...job, maxAttempts: job.maxAttempts ?? 3 });
      wakeAll(job.kind);
      return added;
    },
    async work(work) {
      checkCount('concurrency', work.concurrency ?? 1);
      const worker = createJobWorker({
        ...work,
        store,
        clock,
        random: options.random,
        logger,
        pollMs: options.pollMs,
        backoffMs: options.backoffMs,
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
  if (job.kind === '')
    throw new InvalidArgumentError({
      argument: 'kind',
      value: job.kind,
      expected: 'the name of a kind',
    });
  checkCount('maxAttempts', job.maxAttempts ?? 1);
  const runAfterMs = job.runAfterMs ?? 0;
  if (!Number.isFinite(runAfterMs) || runAfterMs < 0) {
    throw new InvalidArgumentError({
      argument: 'runAfterMs',
      value: runAfterMs,
      expected: 'a number of milliseconds, 0 or more',
    });
  }
}

function checkCount(argument: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError({ argument, value, expected: 'a whole number, 1 or more' });
  }
}
