import { createSeededRandom, type VectorStore } from '@espalier/core';
import { describeVectorStoreConformance } from '@espalier/testing/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPglitePool } from './__fixtures__/create-pglite-pool.js';
import { createPgVectorStore } from './create-pg-vector-store.js';
import type { PgPool } from './pg-pool.js';

let pool: PgPool;
let schema = '';
beforeAll(async () => {
  pool = await createPglitePool();
}, 120_000);
afterAll(() => pool.end());

let made = 0;
const open = (name: string): VectorStore =>
  createPgVectorStore({ pool, isSingleConnection: true, schema: (schema = name) });
const openFresh = (): VectorStore => open(`s"${(made += 1)}`);

describeVectorStoreConformance('The pgvector store on PGlite', {
  create: openFresh,
  reopen: () => open(schema),
});

describe('createPgVectorStore', () => {
  it('keeps ids and texts with characters that PostgreSQL refuses, and their order', async () => {
    const store = openFresh();
    const index = await store.openIndex({ name: 'odd', dimension: 1, embedding: 'e' });
    const ids = ['a\0b', 'a\u0001b', '\uffee', '😀'];
    const records = ids.map((id) => ({
      id,
      vector: Float32Array.of(1),
      text: `${id}\u0001\u0002\0`,
      metadata: { field: id },
    }));
    await index.upsert({ records });
    const found = [];
    for await (const page of index.scroll({})) found.push(...page);
    expect(found).toEqual(records.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    const filter = { field: 'field', op: 'lt' as const, value: 'a\u0001b' };
    expect(await index.count({ filter })).toBe(1);
    await store.close();
  });

  it('gives vectors back bit for bit and finds one without direction', async () => {
    const store = openFresh();
    const index = await store.openIndex({ name: 'bits', dimension: 2, embedding: 'e' });
    const vector = Float32Array.of(0.1, -3.4e38);
    const zero = Float32Array.of(0, 0);
    await index.upsert({
      records: [
        { id: 'bits', vector, text: '', metadata: {} },
        { id: 'zero', vector: zero, text: '', metadata: {} },
      ],
    });
    expect((await index.get({ ids: ['bits'] }))[0]?.vector).toEqual(vector);
    const matches = await index.query({ vector: Float32Array.of(1, 0), topK: 5 });
    expect(matches.find(({ id }) => id === 'zero')?.score).toBe(0);
    expect((await index.query({ vector: zero, topK: 5 })).map(({ id }) => id)).toEqual([
      'bits',
      'zero',
    ]);
    await store.close();
  });

  it('builds a graph, says its recall, and searches through it without a filter', async () => {
    const store = createPgVectorStore({
      pool,
      isSingleConnection: true,
      schema: 'graph',
      indexFrom: 300,
    });
    const random = createSeededRandom(7);
    const records = Array.from({ length: 400 }, (_, n) => ({
      id: `r${n}`,
      vector: Float32Array.from({ length: 8 }, () => random.next() - 0.5),
      text: `t${n}`,
      metadata: { half: n % 2 },
    }));
    const index = await store.openIndex({ name: 'graph', dimension: 8, embedding: 'e' });
    await index.upsert({ records });
    const vector = Float32Array.from({ length: 8 }, () => random.next() - 0.5);
    const exact = await index.query({ vector, topK: 10 });
    await index.optimize();
    const health = await index.health();
    expect(health).toMatchObject({ isHealthy: true, records: 400, search: 'approximate' });
    expect(health.recall).toBeGreaterThanOrEqual(0.95);
    const found = (await index.query({ vector, topK: 10 })).map(({ id }) => id);
    expect(exact.filter(({ id }) => found.includes(id)).length).toBeGreaterThanOrEqual(9);
    const filter = { field: 'half', op: 'eq' as const, value: 1 };
    const odd = await index.query({ vector, topK: 200, filter });
    expect(odd).toHaveLength(200);
    await index.delete({ filter });
    await index.optimize();
    expect(await index.health()).toMatchObject({ records: 200, search: 'exact' });
    await store.close();
  });

  it('refuses a call after it was closed, and options without a place', async () => {
    const store = openFresh();
    await store.close();
    await expect(store.listIndexes()).rejects.toMatchObject({ code: 'ERR_RAG_STORE_CLOSED' });
    expect(() => createPgVectorStore({})).toThrow(TypeError);
  });

  it('says which server does not answer, and tries again at the next call', async () => {
    const store = createPgVectorStore({ url: 'postgres://nobody@127.0.0.1:1/none' });
    for (let tries = 0; tries < 2; tries += 1)
      await expect(store.listIndexes()).rejects.toMatchObject({
        code: 'ERR_RAG_STORE_FAILED',
        isRetryable: true,
      });
    await store.close();
  });
});

const url = process.env['ESPALIER_TEST_POSTGRES_URL'];
const hasVector = async (): Promise<boolean> => {
  if (url === undefined) return false;
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT 1 FROM pg_available_extensions WHERE name = 'vector'`,
  );
  await client.end();
  return rows.length > 0;
};

// Runs where ESPALIER_TEST_POSTGRES_URL names a server that has pgvector.
describe.runIf(await hasVector())('On a real server', () => {
  let own = '';
  const openOwn = (name: string): VectorStore =>
    createPgVectorStore({ url: url ?? '', schema: (own = name), maxConnections: 4 });
  describeVectorStoreConformance('The pgvector store on PostgreSQL', {
    create: () => openOwn(`espalier_test_${crypto.randomUUID()}`),
    reopen: () => openOwn(own),
  });
});
