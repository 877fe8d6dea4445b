import { createSystemClock, type JobQueue } from '@espalier/core';
import { describeJobQueueConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { testDatabaseKinds } from '../__fixtures__/test-databases.js';
import { createPgBossJobQueue } from './pg-boss-job-queue.js';

const postgres = testDatabaseKinds.find(({ name }) => name === 'PostgreSQL');

describe.skipIf(postgres?.skipReason !== undefined)(postgres?.skipReason ?? 'createPgBossJobQueue on PostgreSQL', () => {
  describeJobQueueConformance('createPgBossJobQueue on PostgreSQL', {
    timeoutMs: 60_000,
    async create() {
      const place = await postgres?.create();
      const connectionString = place?.options.url ?? '';
      const clock = createSystemClock();
      const open = (): Promise<JobQueue> => createPgBossJobQueue({ connectionString, pollMs: 50 });
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
});

describe('createPgBossJobQueue', () => {
  it('says that no server answers', async () => {
    const opening = createPgBossJobQueue({ connectionString: 'postgres://nobody:hunter2@127.0.0.1:1/none' });
    const error: unknown = await opening.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_DATABASE_UNREACHABLE', isRetryable: true });
    expect(String(error)).not.toContain('hunter2');
  });

  it('refuses a schema that is no plain name, and a lease that pg-boss cannot keep', async () => {
    const connectionString = 'postgres://127.0.0.1:1/none';
    const invalid = { code: 'ERR_CORE_INVALID_ARGUMENT' };
    await expect(createPgBossJobQueue({ connectionString, schema: 'x"; drop' })).rejects.toMatchObject(invalid);
    await expect(createPgBossJobQueue({ connectionString, leaseMs: 1000 })).rejects.toMatchObject(invalid);
  });
});
