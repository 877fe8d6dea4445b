import { InvalidArgumentError, type Job, type JobQueue, type JsonValue } from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A queue with the means to let time pass for it. */
export interface JobQueueHarness {
  readonly queue: JobQueue;
  /** Lets the queue get on: moves a fake clock to its next timer, or waits a moment. */
  tick(): Promise<void>;
  /** Opens the same jobs anew, as another process would after this one died without closing. */
  reopen(): Promise<JobQueue>;
  /** Frees what lies under the queues; they are closed by then. */
  dispose?(): Promise<void>;
}

/** What the suite needs. */
export interface JobQueueConformanceOptions {
  /** Makes an empty queue. */
  create(): Promise<JobQueueHarness>;
  /** How many ticks a test waits before it gives up. Default 400. */
  readonly maxTicks?: number;
  /** Units: ms. */
  readonly timeoutMs?: number;
}

/** Declares the tests that every `JobQueue` must pass. */
export function describeJobQueueConformance(
  name: string,
  options: JobQueueConformanceOptions,
): void {
  const maxTicks = options.maxTicks ?? 400;

  describe(`${name} keeps the JobQueue contract`, { timeout: options.timeoutMs ?? 30_000 }, () => {
    let harness: JobQueueHarness;
    let queue: JobQueue;
    let queues: JobQueue[];

    beforeEach(async () => {
      harness = await options.create();
      queue = harness.queue;
      queues = [queue];
    });
    afterEach(async () => {
      for (const open of queues) await open.close({ graceMs: 0 });
      await harness.dispose?.();
    });

    const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
      for (let ticks = 0; !(await holds()); ticks++) {
        if (ticks === maxTicks) throw new Error(`Still not so after ${maxTicks} ticks.`);
        await harness.tick();
      }
    };
    const read = async (id: string, from = queue): Promise<Job> => {
      const job = await from.get(id);
      if (job === undefined) throw new Error(`There is no job ${id}.`);
      return job;
    };
    const untilFinal = async (id: string): Promise<Job> => {
      await until(async () =>
        ['succeeded', 'failed', 'cancelled'].includes((await read(id)).status),
      );
      return read(id);
    };

    it('keeps what was enqueued', async () => {
      const payload = { text: "quote ' and 漢字", list: [1, null, { deep: true }] };
      const job = await queue.enqueue({ kind: 'keep', payload });
      expect(job).toMatchObject({
        kind: 'keep',
        payload,
        status: 'queued',
        attempts: 0,
        progress: null,
        result: null,
      });
      expect(job.isCancelRequested).toBe(false);
      expect(await read(job.id)).toEqual(job);
      expect(await queue.get('019b0000-0000-7000-8000-000000000000')).toBeUndefined();
      expect(await queue.get('nobody')).toBeUndefined();
    });

    it('runs a job once and keeps its result', async () => {
      let runs = 0;
      await queue.work({
        kind: 'sum',
        handler: ({ payload }) => {
          runs++;
          return (payload as number[]).reduce((sum, value) => sum + value, 0);
        },
      });
      const { id } = await queue.enqueue({ kind: 'sum', payload: [1, 2, 3] });
      const job = await untilFinal(id);
      expect(job).toMatchObject({ status: 'succeeded', result: 6, attempts: 1 });
      expect(job.error).toBeUndefined();
      expect(job.finishedAtMs).toBeGreaterThanOrEqual(job.startedAtMs ?? Number.POSITIVE_INFINITY);
      expect(runs).toBe(1);
    });

    it('takes a job that was enqueued before its worker came, and a handler that returns nothing', async () => {
      const { id } = await queue.enqueue({ kind: 'early', payload: null });
      await queue.work({ kind: 'early', handler: () => undefined });
      expect(await untilFinal(id)).toMatchObject({ status: 'succeeded', result: null });
    });

    it('leaves jobs of other kinds alone', async () => {
      const other = await queue.enqueue({ kind: 'other', payload: null });
      const mine = await queue.enqueue({ kind: 'mine', payload: null });
      await queue.work({ kind: 'mine', handler: () => null });
      await untilFinal(mine.id);
      expect((await read(other.id)).status).toBe('queued');
    });

    it('adds nothing when a key comes again, whatever the status of its job', async () => {
      const first = await queue.enqueue({ kind: 'once', key: 'k', payload: 1 });
      const second = await queue.enqueue({ kind: 'once', key: 'k', payload: 2 });
      expect(second).toEqual(first);
      expect(first.key).toBe('k');
      await queue.work({ kind: 'once', handler: () => null });
      await untilFinal(first.id);
      expect(await queue.enqueue({ kind: 'once', key: 'k', payload: 3 })).toMatchObject({
        id: first.id,
        status: 'succeeded',
      });
      expect((await queue.enqueue({ kind: 'twice', key: 'k', payload: 4 })).id).not.toBe(first.id);
      expect((await queue.list({ kind: 'once' })).jobs).toHaveLength(1);
    });

    it('adds one job when a key comes many times at once', async () => {
      const jobs = await Promise.all(
        Array.from({ length: 8 }, (_, n) => queue.enqueue({ kind: 'race', key: 'k', payload: n })),
      );
      expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
    });

    it('tries again after a failure, until it works', async () => {
      await queue.work({
        kind: 'flaky',
        handler: ({ attempts }) => {
          if (attempts < 3) throw new Error(`Attempt ${attempts} broke.`);
          return 'at last';
        },
      });
      const { id } = await queue.enqueue({ kind: 'flaky', payload: null, maxAttempts: 3 });
      expect(await untilFinal(id)).toMatchObject({
        status: 'succeeded',
        result: 'at last',
        attempts: 3,
      });
    });

    it('gives up when attempts are used up, and says why', async () => {
      await queue.work({
        kind: 'broken',
        handler: () => {
          throw new Error('The disk is on fire.');
        },
      });
      const { id } = await queue.enqueue({ kind: 'broken', payload: null, maxAttempts: 2 });
      const job = await untilFinal(id);
      expect(job).toMatchObject({ status: 'failed', attempts: 2, result: null });
      expect(job.error?.message).toContain('The disk is on fire.');
    });

    it('does not try again what says that it is not retryable', async () => {
      await queue.work({
        kind: 'final',
        handler: () => {
          throw new InvalidArgumentError({
            argument: 'payload',
            value: null,
            expected: 'a number',
          });
        },
      });
      const { id } = await queue.enqueue({ kind: 'final', payload: null, maxAttempts: 5 });
      const job = await untilFinal(id);
      expect(job).toMatchObject({ status: 'failed', attempts: 1 });
      expect(job.error).toMatchObject({ code: 'ERR_CORE_INVALID_ARGUMENT', isRetryable: false });
    });

    it('stores progress while a job runs', async () => {
      const gate = Promise.withResolvers<undefined>();
      await queue.work({
        kind: 'slow',
        handler: async (_, { progress }) => {
          await progress({ done: 1, of: 2 });
          await gate.promise;
          await progress({ done: 2, of: 2 });
          return null;
        },
      });
      const { id } = await queue.enqueue({ kind: 'slow', payload: null });
      await until(async () => (await read(id)).progress !== null);
      expect(await read(id)).toMatchObject({ status: 'running', progress: { done: 1, of: 2 } });
      gate.resolve(undefined);
      expect(await untilFinal(id)).toMatchObject({
        status: 'succeeded',
        progress: { done: 2, of: 2 },
      });
    });

    it('runs as many jobs at a time as it may, and no more', async () => {
      let running = 0;
      let most = 0;
      const gate = Promise.withResolvers<undefined>();
      await queue.work({
        kind: 'wide',
        concurrency: 3,
        handler: async () => {
          most = Math.max(most, ++running);
          await gate.promise;
          running--;
          return null;
        },
      });
      const jobs: Job[] = [];
      for (let n = 0; n < 7; n++) jobs.push(await queue.enqueue({ kind: 'wide', payload: n }));
      await until(() => running === 3);
      for (let n = 0; n < 5; n++) await harness.tick();
      expect(most).toBe(3);
      gate.resolve(undefined);
      for (const { id } of jobs) expect((await untilFinal(id)).status).toBe('succeeded');
      expect(most).toBe(3);
    });

    it('waits as long as it was told to', async () => {
      await queue.work({ kind: 'later', handler: () => null });
      const job = await queue.enqueue({ kind: 'later', payload: null, runAfterMs: 3_600_000 });
      expect(job.runAtMs - job.createdAtMs).toBe(3_600_000);
      const now = await queue.enqueue({ kind: 'later', payload: null });
      await untilFinal(now.id);
      expect((await read(job.id)).status).toBe('queued');
      expect(await queue.cancel(job.id)).toMatchObject({ status: 'cancelled' });
    });

    it('never begins a job that was cancelled while it waited', async () => {
      const { id } = await queue.enqueue({ kind: 'dropped', payload: null });
      expect(await queue.cancel(id)).toMatchObject({ status: 'cancelled' });
      const ran: JsonValue[] = [];
      await queue.work({ kind: 'dropped', handler: ({ payload }) => void ran.push(payload) });
      const next = await queue.enqueue({ kind: 'dropped', payload: 'next' });
      await untilFinal(next.id);
      expect(ran).toEqual(['next']);
      expect((await read(id)).finishedAtMs).toBeDefined();
    });

    it('tells a running job to stop', async () => {
      const started = Promise.withResolvers<undefined>();
      await queue.work({
        kind: 'stoppable',
        handler: (_, { abortSignal }) =>
          new Promise((_resolve, reject) => {
            started.resolve(undefined);
            abortSignal.addEventListener('abort', () => {
              reject(abortSignal.reason as Error);
            });
          }),
      });
      const { id } = await queue.enqueue({ kind: 'stoppable', payload: null });
      await until(async () => (await read(id)).status === 'running');
      await started.promise;
      await queue.cancel(id);
      expect(await untilFinal(id)).toMatchObject({ status: 'cancelled', result: null });
    });

    it('leaves a final job as it is when it is cancelled, and knows no job that never was', async () => {
      await queue.work({ kind: 'done', handler: () => 'kept' });
      const { id } = await queue.enqueue({ kind: 'done', payload: null });
      await untilFinal(id);
      expect(await queue.cancel(id)).toMatchObject({ status: 'succeeded', result: 'kept' });
      expect(await queue.cancel('nobody')).toBeUndefined();
    });

    it('lists jobs newest first, by kind and status, page by page', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        await harness.tick();
        ids.unshift((await queue.enqueue({ kind: 'listed', payload: n })).id);
      }
      await queue.enqueue({ kind: 'else', payload: null });
      await queue.cancel(ids[0] ?? '');
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await queue.list({
          kind: 'listed',
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        expect(page.jobs.length).toBeLessThanOrEqual(2);
        seen.push(...page.jobs.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(ids);
      expect((await queue.list({ status: 'cancelled' })).jobs.map(({ id }) => id)).toEqual([
        ids[0],
      ]);
      expect((await queue.list()).jobs).toHaveLength(6);
    });

    it('lets running jobs end when it is stopped, and begins no more', async () => {
      const gate = Promise.withResolvers<undefined>();
      const stop = await queue.work({
        kind: 'drain',
        handler: async () => {
          await gate.promise;
          return 'whole';
        },
      });
      const first = await queue.enqueue({ kind: 'drain', payload: 1 });
      await until(async () => (await read(first.id)).status === 'running');
      const second = await queue.enqueue({ kind: 'drain', payload: 2 });
      const stopped = stop();
      gate.resolve(undefined);
      await stopped;
      expect(await read(first.id)).toMatchObject({ status: 'succeeded', result: 'whole' });
      expect((await read(second.id)).status).toBe('queued');
    });

    it('gives a job back that does not end in the time of grace, without an attempt lost', async () => {
      const stop = await queue.work({
        kind: 'long',
        handler: (_, { abortSignal }) =>
          new Promise((_resolve, reject) => {
            abortSignal.addEventListener('abort', () => {
              reject(abortSignal.reason as Error);
            });
          }),
      });
      const { id } = await queue.enqueue({ kind: 'long', payload: null, maxAttempts: 1 });
      await until(async () => (await read(id)).status === 'running');
      await stop({ graceMs: 0 });
      expect((await read(id)).status).toBe('queued');
      await queue.work({ kind: 'long', handler: () => 'second time' });
      expect(await untilFinal(id)).toMatchObject({ status: 'succeeded', result: 'second time' });
    });

    it('still has its jobs after it was opened anew', async () => {
      const job = await queue.enqueue({ kind: 'durable', payload: { n: 1 }, key: 'k' });
      const again = await harness.reopen();
      queues.push(again);
      expect(await again.get(job.id)).toEqual(job);
      await again.work({ kind: 'durable', handler: () => 'done elsewhere' });
      expect(await untilFinal(job.id)).toMatchObject({
        status: 'succeeded',
        result: 'done elsewhere',
      });
    });

    it('runs each job once when two workers compete', async () => {
      const again = await harness.reopen();
      queues.push(again);
      const runs = new Map<JsonValue, number>();
      const handler = async ({ payload }: Job): Promise<null> => {
        runs.set(payload, (runs.get(payload) ?? 0) + 1);
        await new Promise((resolve) => setImmediate(resolve));
        return null;
      };
      await queue.work({ kind: 'shared', concurrency: 2, handler });
      await again.work({ kind: 'shared', concurrency: 2, handler });
      const jobs = await Promise.all(
        Array.from({ length: 20 }, (_, n) => queue.enqueue({ kind: 'shared', payload: n })),
      );
      for (const { id } of jobs) await untilFinal(id);
      expect([...runs.values()]).toEqual(Array.from({ length: 20 }, () => 1));
    });
  });
}
