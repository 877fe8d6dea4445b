import { openDatabase, type Database } from '@espalier/database';
import { createFakeClock } from '@espalier/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createIdempotencyStore, hashJson } from './idempotency-store.js';
import { serverMigrations } from './migrations.js';
import type { ServerTables } from './server-tables.js';

const HOUR_MS = 60 * 60 * 1000;
const clock = createFakeClock();
let database: Database<ServerTables>;

beforeEach(async () => {
  database = await openDatabase<ServerTables>({
    url: 'sqlite::memory:',
    migrations: serverMigrations,
  });
});
afterEach(() => database.close());

const request = {
  keyId: 'key_1',
  route: 'POST /api/v1/runs',
  idempotencyKey: 'k',
  bodyHash: hashJson({ a: 1 }),
};
const answer = { status: 201, body: { id: 'run_1' } };

it('an answer is given again for 24 hours and no longer', async () => {
  const store = await createIdempotencyStore({ database, clock });
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
  const store = await createIdempotencyStore({ database, clock });
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
  const before = await createIdempotencyStore({ database, clock });
  await before.claim(request);
  await before.claim({ ...request, idempotencyKey: 'answered' });
  await before.complete({ ...request, idempotencyKey: 'answered' }, answer);
  const after = await createIdempotencyStore({ database, clock });
  expect(await after.claim(request)).toEqual({ kind: 'new' });
  expect(await after.claim({ ...request, idempotencyKey: 'answered' })).toEqual({
    kind: 'repeat',
    answer,
  });
});

it('the same value has the same hash however it is written', () => {
  expect(hashJson({ b: [1, { d: null, c: 'x' }], a: 1.0 })).toBe(
    hashJson({ a: 1, b: [1, { c: 'x', d: null }] }),
  );
  expect(hashJson({ a: [1, 2] })).not.toBe(hashJson({ a: [2, 1] }));
  expect(hashJson({ a: 1 })).not.toBe(hashJson({ a: '1' }));
});
