import { createSeededRandom, type Job, type JobContext, type JobQueue } from '@espalier/core';
import { createFakeClock, createRecordingLogger, type FakeClock } from '@espalier/testing';
import { describeJobQueueConformance } from '@espalier/testing/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChildProgram } from '../__fixtures__/child-process.js';
import { createSqlitePlace, testDatabaseKinds } from '../__fixtures__/test-databases.js';
import type { Database } from '../database.js';
import { openDatabase } from '../open-database.js';
import { createSqliteJobQueue, type SqliteJobQueueOptions } from './sqlite-job-queue.js';

/**
 * Resolves when the transactions that wait are done, and those that follow each of them at once.
 *
 * Transactions run one after the other. A renewal of leases is followed by a search for lost jobs, and that by a claim.
 */
async function writesDone(database: Database<object>): Promise<void> {
  for (let n = 0; n < 3; n++) await database.write(() => Promise.resolve());
}

for (const kind of testDatabaseKinds) {
  describe.skipIf(kind.skipReason !== undefined)(kind.skipReason ?? 'createSqliteJobQueue', () => {
    describeJobQueueConformance(`createSqliteJobQueue on ${kind.name}`, {
      async create() {
        const place = await kind.create();
        const clock = createFakeClock();
        const databases: Database<object>[] = [];
        let seed = 1;
        const open = async (): Promise<JobQueue> => {
          const database = await openDatabase<object>({ ...place.options, migrations: [] });
          databases.push(database);
          return createSqliteJobQueue({ database, clock, random: createSeededRandom(seed++) });
        };
        return {
          queue: await open(),
          reopen: open,
          async tick() {
            await clock.advance(250);
            // Of every process: a clock that runs ahead of one of them lets its leases run out.
            for (const database of databases) await writesDone(database);
          },
          async dispose() {
            for (const database of databases) await database.close();
            await place.remove();
          },
        };
      },
    });
  });
}

describe('createSqliteJobQueue', () => {
  let place: Awaited<ReturnType<typeof createSqlitePlace>>;
  let clock: FakeClock;
  let database: Database<object>;
  const queues: JobQueue[] = [];
  let seed = 1;

  beforeEach(async () => {
    place = await createSqlitePlace();
    clock = createFakeClock();
    database = await openDatabase<object>({ ...place.options, migrations: [] });
  });
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.close({ graceMs: 0 });
    await database.close();
    await place.remove();
  });

  const open = async (options: Partial<SqliteJobQueueOptions> = {}): Promise<JobQueue> => {
    const queue = await createSqliteJobQueue({
      database,
      clock,
      random: createSeededRandom(seed++),
      ...options,
    });
    queues.push(queue);
    return queue;
  };
  const until = async (holds: () => Promise<boolean>, stepMs = 100): Promise<void> => {
    for (let steps = 0; !(await holds()); steps++) {
      if (steps === 1000) throw new Error('Still not so after 1000 steps.');
      await clock.advance(stepMs);
      await writesDone(database);
    }
  };
  const statusOf = async (queue: JobQueue, { id }: Job): Promise<string | undefined> =>
    (await queue.get(id))?.status;
  const untilAborted = (_: Job, { abortSignal }: JobContext): Promise<null> =>
    new Promise((_resolve, reject) => {
      abortSignal.addEventListener('abort', () => {
        reject(abortSignal.reason as Error);
      });
    });

  it('waits longer after each failure, by a factor of two with jitter', async () => {
    const queue = await open({ backoffMs: 1000, pollMs: 10 });
    const begunAtMs: number[] = [];
    await queue.work({
      kind: 'broken',
      handler: () => {
        begunAtMs.push(clock.now());
        throw new Error('No.');
      },
    });
    const job = await queue.enqueue({ kind: 'broken', payload: null, maxAttempts: 4 });
    await until(async () => (await statusOf(queue, job)) === 'failed', 10);
    const pauses = begunAtMs.slice(1).map((atMs, n) => atMs - (begunAtMs[n] ?? 0));
    expect(pauses).toHaveLength(3);
    pauses.forEach((pauseMs, n) => {
      expect(pauseMs).toBeGreaterThanOrEqual(500 * 2 ** n);
      expect(pauseMs).toBeLessThanOrEqual(1000 * 2 ** n + 100);
    });
  });

  it('keeps the lease of a job that takes long, however long', async () => {
    const first = await open({ leaseMs: 3000 });
    const second = await open({ leaseMs: 3000 });
    let runs = 0;
    const gate = Promise.withResolvers<null>();
    const handler = (): Promise<null> => {
      runs++;
      return gate.promise;
    };
    await first.work({ kind: 'long', handler });
    await second.work({ kind: 'long', handler });
    const job = await first.enqueue({ kind: 'long', payload: null });
    await until(async () => runs === 1);
    for (let n = 0; n < 60; n++) {
      await clock.advance(500);
      await writesDone(database);
    }
    expect(runs).toBe(1);
    gate.resolve(null);
    await until(async () => (await statusOf(first, job)) === 'succeeded');
  });

  it('takes over a job whose worker gives no sign of life, and hears no more of that worker', async () => {
    const silent = createFakeClock({ startMs: clock.now() });
    const logger = createRecordingLogger();
    const first = await open({ clock: silent, leaseMs: 3000 });
    const second = await open({ leaseMs: 3000, logger });
    const gate = Promise.withResolvers<string>();
    let aborted: unknown;
    const job = await first.enqueue({ kind: 'frozen', payload: null });
    await first.work({
      kind: 'frozen',
      handler: (_, { abortSignal }) => {
        abortSignal.addEventListener('abort', () => {
          aborted = abortSignal.reason;
        });
        return gate.promise;
      },
    });
    await until(async () => (await statusOf(first, job)) === 'running');
    await second.work({ kind: 'frozen', handler: () => 'from the second' });
    await until(async () => (await statusOf(second, job)) === 'succeeded');
    expect(await second.get(job.id)).toMatchObject({ result: 'from the second', attempts: 2 });
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { jobId: job.id } }]);

    for (let steps = 0; aborted === undefined && steps < 100; steps++) {
      await silent.advance(1000);
      await writesDone(database);
    }
    expect(aborted).toMatchObject({ code: 'ERR_DATABASE_JOB_LOST' });
    gate.resolve('from the first, too late');
    await silent.advance(1000);
    expect(await second.get(job.id)).toMatchObject({
      status: 'succeeded',
      result: 'from the second',
    });
  });

  it('gives up a job that has taken its workers down too often', async () => {
    const silent = createFakeClock({ startMs: clock.now() });
    const first = await open({ clock: silent, leaseMs: 3000 });
    const job = await first.enqueue({ kind: 'deadly', payload: null, maxAttempts: 1 });
    await first.work({ kind: 'deadly', handler: untilAborted });
    await until(async () => (await statusOf(first, job)) === 'running');
    await clock.advance(5000);
    const second = await open({ leaseMs: 3000 });
    expect(await second.get(job.id)).toMatchObject({
      status: 'failed',
      error: { code: 'ERR_DATABASE_JOB_LOST' },
    });
  });

  it('tells a job to stop that runs in another queue', async () => {
    const first = await open({ leaseMs: 3000 });
    const second = await open({ leaseMs: 3000 });
    await first.work({
      kind: 'far',
      handler: untilAborted,
    });
    const job = await first.enqueue({ kind: 'far', payload: null });
    await until(async () => (await statusOf(first, job)) === 'running');
    expect(await second.cancel(job.id)).toMatchObject({
      status: 'running',
      isCancelRequested: true,
    });
    await until(async () => (await statusOf(second, job)) === 'cancelled');
  });

  it('gives back the job of a handler that hears nothing when it is stopped', async () => {
    const logger = createRecordingLogger();
    const queue = await open({ logger });
    const stop = await queue.work({ kind: 'deaf', handler: () => new Promise(() => undefined) });
    const job = await queue.enqueue({ kind: 'deaf', payload: null });
    await until(async () => (await statusOf(queue, job)) === 'running');
    let isStopped = false;
    const stopped = stop({ graceMs: 2000 }).then(() => (isStopped = true));
    await until(async () => isStopped);
    await stopped;
    expect(await queue.get(job.id)).toMatchObject({ status: 'queued', attempts: 0 });
    expect(logger.lines.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('stores the last of many reports of progress', async () => {
    const queue = await open();
    await queue.work({
      kind: 'chatty',
      handler: async (_, { progress }) => {
        await Promise.all(Array.from({ length: 500 }, (_unused, n) => progress(n)));
        return null;
      },
    });
    const job = await queue.enqueue({ kind: 'chatty', payload: null });
    await until(async () => (await statusOf(queue, job)) === 'succeeded');
    expect((await queue.get(job.id))?.progress).toBe(499);
  });

  it('forgets final jobs after their time, and frees their keys', async () => {
    const queue = await open({ retentionMs: 10_000 });
    await queue.work({ kind: 'old', handler: () => null });
    const job = await queue.enqueue({ kind: 'old', key: 'k', payload: null });
    const waiting = await queue.enqueue({ kind: 'not-worked-on', payload: null });
    await until(async () => (await statusOf(queue, job)) === 'succeeded');
    await until(async () => (await statusOf(queue, job)) === undefined, 600_000);
    expect(await statusOf(queue, waiting)).toBe('queued');
    expect((await queue.enqueue({ kind: 'old', key: 'k', payload: null })).id).not.toBe(job.id);
  });

  it('keeps lone surrogates in a payload from breaking what is stored', async () => {
    const queue = await open();
    const job = await queue.enqueue({ kind: 'odd', payload: { text: 'half \ud800 pair \u0000' } });
    expect((await queue.get(job.id))?.payload).toEqual({ text: 'half \ud800 pair \u0000' });
  });

  it('refuses arguments that make no sense', async () => {
    const queue = await open();
    const invalid = { code: 'ERR_CORE_INVALID_ARGUMENT' };
    await expect(queue.enqueue({ kind: '', payload: null })).rejects.toMatchObject(invalid);
    await expect(queue.enqueue({ kind: 'k', payload: null, maxAttempts: 0 })).rejects.toMatchObject(
      invalid,
    );
    await expect(queue.enqueue({ kind: 'k', payload: null, runAfterMs: -1 })).rejects.toMatchObject(
      invalid,
    );
    await expect(
      queue.work({ kind: 'k', concurrency: 0, handler: () => null }),
    ).rejects.toMatchObject(invalid);
    await expect(queue.list({ limit: 0 })).rejects.toMatchObject(invalid);
    await expect(queue.list({ cursor: "' or 1=1" })).rejects.toMatchObject(invalid);
  });

  it('runs a job again after kill -9, without waiting for its lease', async () => {
    const child = startChildProgram('die-in-job.ts', [place.options.url]);
    await child.printed('running');
    await child.kill();
    const queue = await open({ clock: createFakeClock({ startMs: Date.now() }) });
    const { jobs } = await queue.list();
    expect(jobs.map(({ kind, status, attempts }) => [kind, status, attempts])).toEqual([
      ['enqueued-last', 'queued', 0],
      ['deadly', 'queued', 1],
    ]);
    expect(jobs[1]).toMatchObject({
      progress: 'half-way',
      payload: { n: 1 },
      error: { code: 'ERR_DATABASE_JOB_LOST' },
    });
  });
});
