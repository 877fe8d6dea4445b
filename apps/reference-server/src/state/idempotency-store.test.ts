import { hostname } from 'node:os';
import { createSilentLogger } from '@espalier/core';
import { openDatabase, type Database } from '@espalier/database';
import { createFakeClock } from '@espalier/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createIdempotencyStore, hashJson, type IdempotencyStore } from './idempotency-store.js';
import { serverMigrations } from './migrations.js';
import type { ServerTables } from './server-tables.js';

const HOUR_MS = 60 * 60 * 1000;
/** Above every process number of Linux. */
const DEAD = `${hostname()}/4194305/dead`;
const clock = createFakeClock();
const opened: IdempotencyStore[] = [];
let database: Database<ServerTables>;

beforeEach(async () => {
  database = await openDatabase<ServerTables>({
    url: 'sqlite::memory:',
    migrations: serverMigrations,
  });
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await database.close();
});

/** The store of one server; all of a test share the database. */
async function open(owner?: string): Promise<IdempotencyStore> {
  const store = await createIdempotencyStore({
    database,
    clock,
    logger: createSilentLogger(),
    ...(owner !== undefined && { owner }),
  });
  opened.push(store);
  return store;
}

const request = {
  keyId: 'key_1',
  route: 'POST /api/v1/runs',
  idempotencyKey: 'k',
  bodyHash: hashJson({ a: 1 }),
};
const answer = { status: 201, body: { id: 'run_1' } };

it('an answer is given again for 24 hours and no longer', async () => {
  const store = await open();
  expect(await store.claim(request)).toEqual({ kind: 'new' });
  expect(await store.claim(request)).toEqual({ kind: 'in-flight' });
  await store.complete(request, answer);
  await clock.advance(24 * HOUR_MS);
  expect(await store.claim(request)).toEqual({ kind: 'repeat', answer });
  expect(await store.claim({ ...request, bodyHash: hashJson({ a: 2 }) })).toEqual({
    kind: 'mismatch',
  });
  await clock.advance(1);
  expect(await store.claim(request)).toEqual({ kind: 'new' });
});

it('answers that are too old are removed, others are kept', async () => {
  const store = await open();
  await store.claim(request);
  await store.complete(request, answer);
  await clock.advance(20 * HOUR_MS);
  await store.claim({ ...request, idempotencyKey: 'later' });
  await clock.advance(5 * HOUR_MS);
  await store.prune();
  const rows = await database.read.selectFrom('idempotency').select('idempotency_key').execute();
  expect(rows).toEqual([{ idempotency_key: 'later' }]);
});

it('a claim of a process that died is free again after the next start, its answers stay', async () => {
  const before = await open(DEAD);
  await before.claim(request);
  await before.claim({ ...request, idempotencyKey: 'answered' });
  await before.complete({ ...request, idempotencyKey: 'answered' }, answer);
  const after = await open();
  expect(await after.claim(request)).toEqual({ kind: 'new' });
  expect(await after.claim({ ...request, idempotencyKey: 'answered' })).toEqual({
    kind: 'repeat',
    answer,
  });
});

it('a server that starts leaves the claims of another that lives', async () => {
  const first = await open();
  await first.claim(request);
  const second = await open();
  expect(await second.claim(request)).toEqual({ kind: 'in-flight' });
  await first.complete(request, answer);
  expect(await second.claim(request)).toEqual({ kind: 'repeat', answer });
});

it('a claim is renewed while its request runs, and free when a server elsewhere is heard of no more', async () => {
  const first = await open('elsewhere/1/first');
  const second = await open();
  await first.claim(request);
  for (let renewal = 0; renewal < 3; renewal++) {
    await clock.advance(10_000);
    // Writes run one after the other: when this one is over, so is the renewal.
    await database.write(() => Promise.resolve());
    await database.write(() => Promise.resolve());
  }
  await clock.advance(25_000);
  expect(await second.claim(request)).toEqual({ kind: 'in-flight' });
  await first.close();
  await clock.advance(31_000);
  expect(await second.claim(request)).toEqual({ kind: 'new' });
});

it('a server that lost its claim changes nothing of the one that has it', async () => {
  const first = await open('elsewhere/1/first');
  await first.claim(request);
  await first.close();
  await clock.advance(31_000);
  const second = await open();
  await second.claim(request);
  await first.release(request);
  await first.complete(request, { status: 500, body: null });
  expect(await second.claim(request)).toEqual({ kind: 'in-flight' });
  await second.complete(request, answer);
  expect(await second.claim(request)).toEqual({ kind: 'repeat', answer });
});

it('the same value has the same hash however it is written', () => {
  expect(hashJson({ b: [1, { d: null, c: 'x' }], a: 1.0 })).toBe(
    hashJson({ a: 1, b: [1, { c: 'x', d: null }] }),
  );
  expect(hashJson({ a: [1, 2] })).not.toBe(hashJson({ a: [2, 1] }));
  expect(hashJson({ a: 1 })).not.toBe(hashJson({ a: '1' }));
});
