import {
  EspalierError,
  type Clock,
  type Job,
  type JsonValue,
  type Logger,
  type Random,
  type WorkOptions,
} from '@espalier/core';
import { JobCancelledError, JobInterruptedError, JobLostError, toJobError } from './job-errors.js';
import type { JobOutcome, JobRun, JobStore } from './job-store.js';

/** The longest pause between two attempts. Units: ms. */
const MAX_BACKOFF_MS = 300_000;
/** How long an aborted handler may take to end before its job is given back all the same. Units: ms. */
const ABORT_GRACE_MS = 1000;

/** What `createJobWorker` takes. */
export interface JobWorkerOptions extends WorkOptions {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly pollMs: number;
  readonly backoffMs: number;
}

/** Runs the jobs of one kind. */
export interface JobWorker {
  readonly kind: string;
  /** Looks for due jobs now. */
  wake(): void;
  /** The runs under way. */
  runs(): readonly JobRun[];
  /** Aborts a run for a reason, if it is one of this worker's. */
  abort(id: string, reason: 'cancelled' | 'lost'): void;
  stop(options?: { graceMs?: number }): Promise<void>;
}

interface ActiveRun extends JobRun {
  readonly controller: AbortController;
  done: Promise<void>;
  endedBy?: 'cancelled' | 'lost' | 'interrupted';
}

/** Starts a worker; it looks for jobs at once. */
export function createJobWorker(options: JobWorkerOptions): JobWorker {
  const { store, clock, logger, kind } = options;
  const concurrency = options.concurrency ?? 1;
  const active = new Map<string, ActiveRun>();
  let isStopping = false;
  let looking: Promise<void> | undefined;
  let mustLookAgain = false;
  let cancelTimer = (): void => undefined;

  const look = async (): Promise<void> => {
    let pauseMs = options.pollMs;
    try {
      do {
        mustLookAgain = false;
        const free = concurrency - active.size;
        if (isStopping || free <= 0) return;
        const dueMs = await store.nextDueMs(kind);
        if (dueMs === undefined) continue;
        if (dueMs > clock.now()) {
          pauseMs = Math.min(options.pollMs, dueMs - clock.now());
          continue;
        }
        const jobs = isStopping ? [] : await store.claim(kind, free);
        jobs.forEach(start);
        if (jobs.length === free) return;
        mustLookAgain ||= jobs.length > 0;
      } while (mustLookAgain);
    } catch (error) {
      logger.warn('Could not look for jobs; will look again.', { kind, error });
    }
    if (!isStopping) cancelTimer = clock.setTimer(pauseMs, wake);
  };

  const wake = (): void => {
    if (isStopping) return;
    mustLookAgain = true;
    if (looking !== undefined) return;
    cancelTimer();
    looking = look().finally(() => {
      looking = undefined;
      if (mustLookAgain && active.size < concurrency) wake();
    });
  };

  const start = (job: Job): void => {
    const run: ActiveRun = {
      id: job.id,
      kind,
      attempts: job.attempts,
      controller: new AbortController(),
      done: Promise.resolve(),
    };
    active.set(job.id, run);
    run.done = execute(job, run).finally(() => {
      active.delete(job.id);
      wake();
    });
  };

  const execute = async (job: Job, run: ActiveRun): Promise<void> => {
    const outcome = await outcomeOf(job, run);
    if (outcome === undefined) return;
    try {
      await store.finish(run, outcome);
    } catch (error) {
      // The lease runs out and the job is begun again.
      logger.error('Could not record the end of a job.', {
        kind,
        jobId: job.id,
        status: outcome.status,
        error,
      });
    }
  };

  const outcomeOf = async (job: Job, run: ActiveRun): Promise<JobOutcome | undefined> => {
    try {
      const progress = createProgress((value) => store.setProgress(run, value));
      const result = await options.handler(job, { abortSignal: run.controller.signal, progress });
      return run.endedBy === 'lost' ? undefined : { status: 'succeeded', result: toResult(result) };
    } catch (error) {
      switch (run.endedBy) {
        case 'lost':
          return undefined;
        case 'cancelled':
          return { status: 'cancelled' };
        case 'interrupted':
          return { status: 'queued', runAtMs: clock.now(), givesAttemptBack: true };
        default:
          return outcomeOfFailure(job, error);
      }
    }
  };

  const outcomeOfFailure = (job: Job, thrown: unknown): JobOutcome => {
    const error = toJobError(thrown);
    const isFinal = EspalierError.isInstance(thrown) && !thrown.isRetryable;
    if (isFinal || job.attempts >= job.maxAttempts) {
      logger.warn('A job failed.', {
        kind,
        jobId: job.id,
        attempts: job.attempts,
        code: error.code,
      });
      return { status: 'failed', error };
    }
    const longestMs = Math.min(MAX_BACKOFF_MS, options.backoffMs * 2 ** (job.attempts - 1));
    const pauseMs = Math.round(longestMs * (0.5 + options.random.next() / 2));
    return { status: 'queued', runAtMs: clock.now() + pauseMs, error };
  };

  const abort = (run: ActiveRun, reason: NonNullable<ActiveRun['endedBy']>): void => {
    run.endedBy ??= reason;
    const { id } = run;
    const errors = {
      cancelled: JobCancelledError,
      lost: JobLostError,
      interrupted: JobInterruptedError,
    };
    run.controller.abort(new errors[reason]({ id }));
  };

  const stop = async (graceMs: number): Promise<void> => {
    isStopping = true;
    cancelTimer();
    await looking;
    const allDone = Promise.all([...active.values()].map(({ done }) => done));
    if (await endsWithin(clock, allDone, graceMs)) return;
    for (const run of active.values()) abort(run, 'interrupted');
    if (await endsWithin(clock, allDone, ABORT_GRACE_MS)) return;
    for (const run of active.values()) {
      logger.warn('A handler did not end when it was aborted; its job is given back.', {
        kind,
        jobId: run.id,
      });
      await store.finish(run, { status: 'queued', runAtMs: clock.now(), givesAttemptBack: true });
    }
  };

  let stopping: Promise<void> | undefined;
  wake();
  return {
    kind,
    wake,
    runs: () => [...active.values()],
    abort(id, reason) {
      const run = active.get(id);
      if (run !== undefined) abort(run, reason);
    },
    stop: ({ graceMs = 10_000 } = {}) => (stopping ??= stop(graceMs)),
  };
}

/** Writes one value at a time; what comes while a write is under way is written after it, the last value only. */
function createProgress(
  write: (value: JsonValue) => Promise<void>,
): (value: JsonValue) => Promise<void> {
  let writing: Promise<void> | undefined;
  let next: { value: JsonValue; written: Promise<void> } | undefined;
  return (value) => {
    if (writing === undefined) {
      writing = write(value).finally(() => {
        writing = undefined;
      });
      return writing;
    }
    if (next !== undefined) {
      next.value = value;
      return next.written;
    }
    const pending = { value, written: Promise.resolve() };
    pending.written = writing
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        writing = write(pending.value).finally(() => {
          writing = undefined;
        });
        return writing;
      });
    next = pending;
    return pending.written;
  };
}

function toResult(result: JsonValue | undefined): JsonValue {
  return result ?? null;
}

async function endsWithin(clock: Clock, work: Promise<unknown>, ms: number): Promise<boolean> {
  if (ms <= 0) {
    // Work that has ended already still gets the chance to say so.
    return Promise.race([
      work.then(() => true),
      new Promise<boolean>((resolve) => setImmediate(resolve, false)),
    ]);
  }
  const waited = new AbortController();
  const timeUp = clock.sleep(ms, { abortSignal: waited.signal }).then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([work.then(() => true), timeUp]);
  } finally {
    waited.abort();
  }
}
