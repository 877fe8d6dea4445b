import type { Clock, JsonValue, Logger } from '@espalier/core';
import type { TrainingProgress } from '@espalier/protocol';
import type { TrainingProcessEvent } from '@espalier/training';
import { isFinalTraining } from './training-record.js';
import type { TrainingStore, TrainingStoredEvent } from './training-store.js';

/** How long events gather before they are written. */
const FLUSH_MS = 200;
const BATCH = 500;
/** How often others' writes are looked for, where another process of the server trains. */
const POLL_MS = 1000;

/** Takes the events of one run of a job. */
export interface TrainingEventWriter {
  write(event: TrainingProcessEvent): void;
  /** The last losses. */
  metrics(): Record<string, number>;
  /** Resolves when all is stored. */
  close(): Promise<void>;
}

/** Stores what training jobs tell, and follows it. */
export interface TrainingEvents {
  open(jobId: string): TrainingEventWriter;
  add(
    jobId: string,
    event: { readonly type: string } & Readonly<Record<string, JsonValue>>,
  ): Promise<void>;
  /** Tells followers to look again. */
  changed(jobId: string): void;
  /** Events after one, in batches, until the job is over. */
  follow(
    jobId: string,
    options: { afterId: number; abortSignal: AbortSignal },
  ): AsyncGenerator<readonly TrainingStoredEvent[], void>;
}

type NewEvent = Omit<TrainingStoredEvent, 'id'>;

/** Creates the events over their store. */
export function createTrainingEvents(options: {
  store: TrainingStore;
  clock: Clock;
  logger: Logger;
}): TrainingEvents {
  const { store, clock, logger } = options;
  const waiting = new Map<string, Set<() => void>>();
  const changed = (jobId: string): void => {
    const waiters = waiting.get(jobId);
    waiting.delete(jobId);
    for (const wake of waiters ?? []) wake();
  };
  const eventOf = (event: { readonly type: string }): NewEvent => ({
    type: event.type,
    step: 'step' in event && typeof event.step === 'number' ? event.step : null,
    atMs: clock.now(),
    json: JSON.stringify(event),
  });
  const nextChange = (jobId: string, abortSignal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const waiters = waiting.get(jobId) ?? new Set();
      waiting.set(jobId, waiters);
      const done = (): void => {
        stopTimer();
        abortSignal.removeEventListener('abort', done);
        waiters.delete(done);
        resolve();
      };
      const stopTimer = clock.setTimer(POLL_MS, done);
      waiters.add(done);
      abortSignal.addEventListener('abort', done, { once: true });
    });

  return {
    changed,
    async add(jobId, event) {
      await store.append(jobId, [eventOf(event)]);
      changed(jobId);
    },
    open(jobId) {
      let pending: NewEvent[] = [];
      let progress: TrainingProgress | undefined;
      let firstStep: number | undefined;
      /** Tokens of the steps before this run. */
      let tokensBefore = 0;
      let stopTimer: (() => void) | undefined;
      let writing: Promise<void> = Promise.resolve();
      const metrics: Record<string, number> = {};
      const flush = async (): Promise<void> => {
        stopTimer?.();
        stopTimer = undefined;
        const batch = pending;
        pending = [];
        if (batch.length > 0) await store.append(jobId, batch);
        if (firstStep !== undefined) {
          await store.forgetAfter(jobId, firstStep);
          tokensBefore = firstStep === 0 ? 0 : await countTokens(store, jobId);
          firstStep = undefined;
        }
        const now = progress;
        if (now !== undefined)
          await store.change(jobId, () => ({
            progress: { ...now, trainedTokens: now.trainedTokens + tokensBefore },
          }));
        changed(jobId);
      };
      const flushSoon = (): void => {
        writing = writing.then(flush).catch((error: unknown) => {
          logger.error('Events of a training job could not be stored.', {
            jobId,
            error: String(error),
          });
        });
      };
      return {
        write(event) {
          if (event.type === 'start') firstStep = event.first_step;
          progress = progressAfter(progress, event);
          if (event.type === 'step') metrics['train_loss'] = event.loss;
          if (event.type === 'eval') metrics['eval_loss'] = event.loss;
          // Where the server keeps its files concerns no caller.
          pending.push(eventOf(event.type === 'done' ? { type: 'done' } : event));
          stopTimer ??= clock.setTimer(FLUSH_MS, flushSoon);
        },
        metrics: () => ({ ...metrics }),
        async close() {
          flushSoon();
          await writing;
        },
      };
    },
    async *follow(jobId, { afterId, abortSignal }) {
      let last = afterId;
      while (!abortSignal.aborted) {
        const change = nextChange(jobId, abortSignal);
        const job = await store.get(jobId);
        const batch = await store.events(jobId, { afterId: last, limit: BATCH });
        const newest = batch.at(-1);
        if (newest !== undefined) {
          last = newest.id;
          yield batch;
          continue;
        }
        if (job === undefined || isFinalTraining(job.status)) return;
        await change;
      }
    },
  };
}

async function countTokens(store: TrainingStore, jobId: string): Promise<number> {
  let total = 0;
  for (let afterId = 0; ;) {
    const batch = await store.events(jobId, { afterId, types: ['step'], limit: BATCH });
    for (const { json } of batch) total += (JSON.parse(json) as { tokens: number }).tokens;
    const last = batch.at(-1);
    if (last === undefined) return total;
    afterId = last.id;
  }
}

function progressAfter(
  before: TrainingProgress | undefined,
  event: TrainingProcessEvent,
): TrainingProgress | undefined {
  switch (event.type) {
    case 'start':
      return {
        step: event.first_step,
        totalSteps: event.total_steps,
        loss: null,
        learningRate: null,
        gradNorm: null,
        trainedTokens: 0,
        tokensPerSecond: null,
        memoryBytes: null,
        cpuUtilization: null,
        etaSeconds: null,
        evalLoss: null,
      };
    case 'step':
      return (
        before && {
          ...before,
          step: event.step,
          loss: event.loss,
          learningRate: event.learning_rate,
          gradNorm: event.grad_norm,
          trainedTokens: before.trainedTokens + event.tokens,
          tokensPerSecond: event.tokens_per_second,
          memoryBytes: event.memory_bytes,
          cpuUtilization: event.cpu_utilization,
          etaSeconds: event.eta_seconds,
        }
      );
    case 'eval':
      return before && { ...before, evalLoss: event.loss };
    default:
      return before;
  }
}
