import { hostname } from 'node:os';
import {
  createIdGenerator,
  createSeededRandom,
  createSilentLogger,
  createSystemClock,
  userMessage,
  type Clock,
} from '@espalier/core';
import { createAgent } from '@espalier/agents';
import { openDatabase, type Database } from '@espalier/database';
import { createFakeClock, createMockModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverMigrations } from '../state/migrations.js';
import type { ServerTables } from '../state/server-tables.js';
import { createUsageStore } from '../state/usage-store.js';
import type { LiveRun } from './live-run.js';
import { createRunHub, type RunHub } from './run-hub.js';
import { createRunStore, type OwnedRun, type RunStore, type StoredEvent } from './run-store.js';

/** A number that no process of this machine has. */
const DEAD = `${hostname()}/4194305/dead`;
const clock = createSystemClock();
const logger = createSilentLogger();
const ids = createIdGenerator({ clock, random: createSeededRandom(1) });
let database: Database<ServerTables>;
let stores: RunStore[] = [];

beforeEach(async () => {
  database = await openDatabase<ServerTables>({
    url: 'sqlite::memory:',
    migrations: serverMigrations,
  });
});
afterEach(async () => {
  for (const store of stores) await store.close();
  stores = [];
  await database.close();
});

/** The hub of one server; all of a test share the database. */
function newHub(options: { owner?: string; clock?: Clock } = {}): { hub: RunHub; store: RunStore } {
  const store = createRunStore({ database, clock, logger, ...options });
  stores.push(store);
  const usage = createUsageStore({ database, clock, logger });
  return { hub: createRunHub({ store, usage, clock, ids, logger }), store };
}

async function collect(hub: RunHub, run: OwnedRun, afterId = 0): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const batch of hub.follow(run, { afterId, abortSignal: new AbortController().signal }))
    events.push(...batch);
  return events;
}

/** A run of a server, as far as its third event. */
async function runningRun({ hub, store }: ReturnType<typeof newHub>): Promise<LiveRun> {
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
  const live = await hub.start({ ...begin, messages: [userMessage('Hi')], metadata: {} });
  while (live.events.length < 3) await live.changed();
  await store.flush();
  return live;
}

describe('a run that a dead process left running', () => {
  it('ends with run-failed behind the events that were stored', async () => {
    const { run } = await runningRun(newHub({ owner: DEAD }));
    const { hub } = newHub();
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
    const { run } = await runningRun(newHub({ owner: DEAD }));
    const { hub } = newHub();
    await hub.recover();
    const found = (await hub.get(run.id)) as OwnedRun;
    expect((await collect(hub, found, 1000)).map((event) => event.type)).toEqual(['run-failed']);
    expect(await collect(hub, found, found.run.lastEventId)).toEqual([]);
  });
});

describe('a run of another server on the same database', () => {
  const statusOf = async ({ store }: ReturnType<typeof newHub>, id: string) =>
    (await store.get(id))?.run.status;

  it('is left to it while it lives, and ends as that server says', async () => {
    const first = newHub();
    const live = await runningRun(first);
    const second = newHub();
    await second.hub.recover();
    expect(await statusOf(second, live.run.id)).toBe('running');
    live.abortController.abort();
    await live.finished;
    expect(await statusOf(second, live.run.id)).toBe('cancelled');
  });

  it('is ended once that server, elsewhere, is heard of no more, and not changed by it any more', async () => {
    const fake = createFakeClock();
    const first = newHub({ owner: 'elsewhere/1/first', clock: fake });
    const live = await runningRun(first);
    const second = newHub({ clock: fake });
    for (let renewal = 0; renewal < 4; renewal++) {
      await fake.advance(10_000);
      // Writes run one after the other: when this one is over, so is the renewal.
      await database.write(() => Promise.resolve());
      await database.write(() => Promise.resolve());
    }
    await second.hub.recover();
    expect(await statusOf(second, live.run.id)).toBe('running');
    await first.store.close();
    await fake.advance(31_000);
    await second.hub.recover();
    expect(await statusOf(second, live.run.id)).toBe('failed');
    live.abortController.abort();
    await live.finished;
    expect(await statusOf(second, live.run.id)).toBe('failed');
    const found = (await second.hub.get(live.run.id)) as OwnedRun;
    expect((await collect(second.hub, found)).at(-1)?.type).toBe('run-failed');
  });
});
