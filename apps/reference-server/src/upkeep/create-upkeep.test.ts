import { createSilentLogger } from '@espalier/core';
import { openDatabase, type Database } from '@espalier/database';
import type { RunObject, RunStatus } from '@espalier/protocol';
import { createFakeClock, createRecordingLogger, type FakeClock } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunStore, type RunStore } from '../runs/run-store.js';
import { createIdempotencyStore } from '../state/idempotency-store.js';
import { serverMigrations } from '../state/migrations.js';
import type { ServerTables } from '../state/server-tables.js';
import { createUpkeep } from './create-upkeep.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const logger = createSilentLogger();
let clock: FakeClock;

beforeEach(() => {
  clock = createFakeClock();
});

describe('the upkeep', () => {
  it('does its tasks at the start and after each interval, until it is stopped', async () => {
    let rounds = 0;
    const tasks = {
      count: async () => {
        rounds += 1;
      },
    };
    const upkeep = createUpkeep({ tasks, everyMs: HOUR_MS, clock, logger });
    await upkeep.start();
    expect(rounds).toBe(1);
    await clock.advance(HOUR_MS - 1);
    expect(rounds).toBe(1);
    await clock.advance(1);
    await clock.advance(HOUR_MS);
    expect(rounds).toBe(3);
    await upkeep.stop();
    await clock.advance(DAY_MS);
    expect(rounds).toBe(3);
    expect(clock.pending).toBe(0);
  });

  it('logs a task that fails, does the others, and tries it again', async () => {
    const recorded = createRecordingLogger();
    const done: string[] = [];
    const tasks = {
      bad: async () => {
        done.push('bad');
        throw new Error('no disk');
      },
      good: async () => {
        done.push('good');
      },
    };
    const upkeep = createUpkeep({ tasks, everyMs: HOUR_MS, clock, logger: recorded });
    await upkeep.start();
    await clock.advance(HOUR_MS);
    await upkeep.stop();
    expect(done).toEqual(['bad', 'good', 'bad', 'good']);
    expect(recorded.lines.map(({ fields }) => fields)).toEqual(
      Array(2).fill({ task: 'bad', error: 'Error: no disk' }),
    );
  });
});

describe('what is kept no longer', () => {
  let database: Database<ServerTables>;
  let store: RunStore;

  beforeEach(async () => {
    database = await openDatabase<ServerTables>({
      url: 'sqlite::memory:',
      migrations: serverMigrations,
    });
    store = createRunStore({ database, clock, logger });
  });
  afterEach(() => database.close());

  async function storeRun(id: string, status: RunStatus, endedDaysAgo: number | null) {
    const run: RunObject = {
      id,
      agent: 'a',
      status: 'running',
      createdAt: new Date(clock.now() - 30 * DAY_MS).toISOString(),
      finishedAt: null,
      modelId: 'm',
      knowledgeBase: null,
      output: null,
      citations: [],
      finishReason: null,
      usage: {},
      costUsd: null,
      error: null,
      approvals: [],
      newMessages: [],
      metadata: {},
      lastEventId: 2,
    };
    await store.insert({ keyId: 'key_1', run });
    for (const eventId of [1, 2])
      store.append(id, { id: eventId, type: 'run-cancelled', json: '{"type":"run-cancelled"}' });
    const finishedAt =
      endedDaysAgo === null ? null : new Date(clock.now() - endedDaysAgo * DAY_MS).toISOString();
    await store.save({ ...run, status, finishedAt }, null);
  }
  const eventsOf = async (id: string): Promise<number> =>
    (await store.events(id, { afterId: 0, limit: 10 })).length;

  it('is the events of runs that ended long ago; the runs stay, and those that may go on lose nothing', async () => {
    for (let index = 0; index < 60; index += 1) await storeRun(`old_${index}`, 'succeeded', 8);
    await storeRun('recent', 'failed', 6);
    await storeRun('paused', 'paused', null);
    const beforeMs = clock.now() - 7 * DAY_MS;
    expect(await store.pruneEvents({ beforeMs })).toBe(120);
    expect(await store.pruneEvents({ beforeMs })).toBe(0);
    expect(await eventsOf('old_0')).toBe(0);
    expect(await eventsOf('recent')).toBe(2);
    expect(await eventsOf('paused')).toBe(2);
    expect((await store.get('old_59'))?.run.status).toBe('succeeded');
  });

  it('is the answers under idempotency keys after 24 hours', async () => {
    const idempotency = await createIdempotencyStore({
      database,
      clock,
      logger: createSilentLogger(),
    });
    const request = { keyId: 'key_1', route: 'POST /x', idempotencyKey: 'i', bodyHash: 'h' };
    await idempotency.claim(request);
    await idempotency.complete(request, { status: 201, body: 'made' });
    const stored = () => database.read.selectFrom('idempotency').selectAll().execute();
    await clock.advance(DAY_MS);
    await idempotency.prune();
    expect(await stored()).toHaveLength(1);
    await clock.advance(1);
    await idempotency.prune();
    expect(await stored()).toEqual([]);
    expect(await idempotency.claim(request)).toEqual({ kind: 'new' });
  });
});
