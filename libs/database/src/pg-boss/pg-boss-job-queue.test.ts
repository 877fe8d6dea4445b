import { PGlite } from '@electric-sql/pglite';
import { createSystemClock, type JobQueue } from '@espalier/core';
import { describeJobQueueConformance } from '@espalier/testing/conformance';
import { fromPglite, PgBoss } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabaseKinds } from '../__fixtures__/test-databases.js';
import { createPgBossJobQueue } from './pg-boss-job-queue.js';

const postgres = testDatabaseKinds.find(({ name }) => name === 'PostgreSQL');

describe.skipIf(postgres?.skipReason !== undefined)(
  postgres?.skipReason ?? 'createPgBossJobQueue on PostgreSQL',
  () => {
    describeJobQueueConformance('createPgBossJobQueue on PostgreSQL', {
      timeoutMs: 60_000,
      async create() {
        const place = await postgres?.create();
        const connectionString = place?.options.url ?? '';
        const clock = createSystemClock();
        const open = (): Promise<JobQueue> =>
          createPgBossJobQueue({ connectionString, pollMs: 50 });
        return {
          queue: await open(),
          reopen: open,
          tick: () => clock.sleep(50),
          dispose: async () => {
            await place?.remove();
          },
        };
      },
    });
  },
);

describe('createPgBossJobQueue on PGlite', () => {
  let pglite: PGlite;
  const clock = createSystemClock();
  const open = (): Promise<JobQueue> =>
    createPgBossJobQueue({
      connectionString: 'postgres://pglite',
      db: fromPglite(pglite),
      backend: 'pglite',
      pollMs: 20,
    });

  // Installing pg-boss anew for each test would take longer than the tests.
  const clear = (): Promise<unknown> =>
    pglite.exec(
      `do $$ begin if to_regclass('pgboss.job') is not null then delete from pgboss.job; end if; end $$`,
    );

  beforeAll(async () => {
    pglite = await PGlite.create();
  });
  afterAll(async () => {
    await pglite.close();
  });

  describeJobQueueConformance('createPgBossJobQueue', {
    timeoutMs: 60_000,
    async create() {
      await clear();
      return { queue: await open(), reopen: open, tick: () => clock.sleep(20) };
    },
  });

  it('runs a job again whose worker gives no more sign of life', async () => {
    await clear();
    const first = await open();
    const job = await first.enqueue({ kind: 'frozen', payload: null });
    await first.work({ kind: 'frozen', handler: () => new Promise(() => undefined) });
    while ((await first.get(job.id))?.status !== 'running') await clock.sleep(20);
    // As if the process had died an hour ago; pg-boss's supervisor then makes its round.
    await pglite.exec(
      `update pgboss.job set heartbeat_on = now() - interval '1 hour', started_on = now() - interval '1 hour'`,
    );
    const supervisor = new PgBoss({
      db: fromPglite(pglite),
      backend: 'pglite',
      supervise: false,
      schedule: false,
    });
    await supervisor.start();
    await supervisor.supervise('frozen');
    await supervisor.stop({ graceful: false });
    expect(await first.get(job.id)).toMatchObject({
      status: 'queued',
      attempts: 1,
      error: { code: 'ERR_DATABASE_JOB_LOST' },
    });
    const second = await open();
    await second.work({ kind: 'frozen', handler: () => 'from the second' });
    while ((await second.get(job.id))?.status !== 'succeeded') await clock.sleep(20);
    expect(await second.get(job.id)).toMatchObject({ result: 'from the second', attempts: 2 });
    await second.close();
    await first.close({ graceMs: 0 });
    expect(await pglite.query(`select state from pgboss.job`)).toMatchObject({
      rows: [{ state: 'completed' }],
    });
  });
});

describe('createPgBossJobQueue', () => {
  it('says that no server answers', async () => {
    const opening = createPgBossJobQueue({
      connectionString: 'postgres://nobody:hunter2@127.0.0.1:1/none',
    });
    const error: unknown = await opening.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_DATABASE_UNREACHABLE', isRetryable: true });
    expect(String(error)).not.toContain('hunter2');
  });

  it('refuses a schema that is no plain name, and a lease that pg-boss cannot keep', async () => {
    const connectionString = 'postgres://127.0.0.1:1/none';
    const invalid = { code: 'ERR_CORE_INVALID_ARGUMENT' };
    await expect(
      createPgBossJobQueue({ connectionString, schema: 'x"; drop' }),
    ).rejects.toMatchObject(invalid);
    await expect(createPgBossJobQueue({ connectionString, leaseMs: 1000 })).rejects.toMatchObject(
      invalid,
    );
  });
});
