import {
  createIdGenerator,
  createSeededRandom,
  createSilentLogger,
  createSystemClock,
  userMessage,
} from '@espalier/core';
import { createAgent } from '@espalier/agents';
import { openDatabase, type Database } from '@espalier/database';
import { createMockModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverMigrations } from '../state/migrations.js';
import type { ServerTables } from '../state/server-tables.js';
import { createUsageStore } from '../state/usage-store.js';
import { createRunHub, type RunHub } from './run-hub.js';
import { createRunStore, type OwnedRun, type RunStore, type StoredEvent } from './run-store.js';

const clock = createSystemClock();
const logger = createSilentLogger();
const ids = createIdGenerator({ clock, random: createSeededRandom(1) });
let database: Database<ServerTables>;
let store: RunStore;

beforeEach(async () => {
  database = await openDatabase<ServerTables>({
    url: 'sqlite::memory:',
    migrations: serverMigrations,
  });
  store = createRunStore({ database, logger });
});
afterEach(() => database.close());

const newHub = (): RunHub =>
  createRunHub({ store, usage: createUsageStore({ database, clock, logger }), clock, ids, logger });

async function collect(hub: RunHub, run: OwnedRun, afterId = 0): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const batch of hub.follow(run, { afterId, abortSignal: new AbortController().signal }))
    events.push(...batch);
  return events;
}

describe('a run that a dead process left running', () => {
  /** A run whose process got as far as its third event. */
  async function interruptedRun(): Promise<OwnedRun> {
    const held = Promise.withResolvers<never>();
    const agent = createAgent({
      name: 'a',
      description: 'A test’s agent.',
      model: createMockModel({ turns: () => held.promise }),
    });
    const begin = {
      keyId: 'key_1',
      agent,
      modelId: 'm',
      knowledgeBase: null,
      settings: {},
      asked: { model: null, knowledgeBase: null },
    };
    const live = await newHub().start({ ...begin, messages: [userMessage('Hi')], metadata: {} });
    while (live.events.length < 3) await live.changed();
    await store.flush();
    return { keyId: live.keyId, run: live.run };
  }

  it('ends with run-failed behind the events that were stored', async () => {
    const { run } = await interruptedRun();
    const hub = newHub();
    await hub.recover();
    const found = (await hub.get(run.id)) as OwnedRun;
    expect(found.run).toMatchObject({
      status: 'failed',
      error: { code: 'ERR_SERVER_RUN_INTERRUPTED', isRetryable: true },
    });
    const events = await collect(hub, found);
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.type).toBe('run-failed');
  });

  it('gives its end to a client that had seen events which were not stored any more', async () => {
    const { run } = await interruptedRun();
    const hub = newHub();
    await hub.recover();
    const found = (await hub.get(run.id)) as OwnedRun;
    expect((await collect(hub, found, 1000)).map((event) => event.type)).toEqual(['run-failed']);
    expect(await collect(hub, found, found.run.lastEventId)).toEqual([]);
  });
});
