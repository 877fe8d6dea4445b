import type { VectorRecord, VectorStore } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../memory/create-memory-store.js';
import { createSimdStore } from '../simd/create-simd-store.js';
import { migrateStore, type MigrationProgress } from './migrate-store.js';

const wanted = { name: 'docs', dimension: 2, embedding: 'e' };
const record = (id: string, text = `text of ${id}`): VectorRecord => ({
  id,
  vector: Float32Array.of(1, id.length),
  text,
  metadata: { b: 1, a: { list: [1, 'x', null] } },
});
const filled = async (): Promise<VectorStore> => {
  const store = createMemoryStore();
  const index = await store.openIndex(wanted);
  await index.upsert({ records: ['a', 'b', 'c', 'd', 'e'].map((id) => record(id)) });
  const part = await store.openIndex({ ...wanted, namespace: 'tenant' });
  await part.upsert({ records: [record('own')] });
  await (await store.openIndex({ ...wanted, name: 'other' })).upsert({ records: [record('x')] });
  return store;
};
const idsOf = async (store: VectorStore, namespace?: string): Promise<string[]> => {
  const part = namespace === undefined ? {} : { namespace };
  const index = await store.openIndex({ ...wanted, ...part });
  const ids: string[] = [];
  for await (const page of index.scroll({})) ids.push(...page.map(({ id }) => id));
  return ids;
};

describe('migrateStore', () => {
  it('copies all indexes with their namespaces to a store of another kind, and says how far it is', async () => {
    const from = await filled();
    const to = createSimdStore();
    const steps: MigrationProgress[] = [];
    const report = await migrateStore({
      from,
      to,
      batchSize: 2,
      onProgress: (step) => steps.push(step),
    });
    expect(report).toEqual({ indexes: 2, copied: 7, skipped: 0, removed: 0 });
    expect((await to.listIndexes()).toSorted()).toEqual(['docs', 'other']);
    expect(await idsOf(to)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await idsOf(to, 'tenant')).toEqual(['own']);
    const copy = await (await to.openIndex(wanted)).get({ ids: ['c'] });
    expect(copy).toEqual([record('c')]);
    expect(
      steps.filter(({ index, namespace }) => index === 'docs' && namespace === undefined),
    ).toEqual([2, 4, 5].map((done) => ({ index: 'docs', done, total: 5, skipped: 0 })));
  });

  it('writes nothing twice when it runs again, and only what has changed', async () => {
    const from = await filled();
    const to = createSimdStore();
    await migrateStore({ from, to });
    expect(await migrateStore({ from, to })).toMatchObject({ copied: 0, skipped: 7 });
    await (await from.openIndex(wanted)).upsert({ records: [record('b', 'changed')] });
    expect(await migrateStore({ from, to, indexes: ['docs'] })).toMatchObject({
      indexes: 1,
      copied: 1,
      skipped: 5,
    });
    expect((await (await to.openIndex(wanted)).get({ ids: ['b'] }))[0]?.text).toBe('changed');
  });

  it('goes on where it was stopped', async () => {
    const from = await filled();
    const to = createMemoryStore();
    const abort = new AbortController();
    const reason = new Error('Enough.');
    const stopped = migrateStore({
      from,
      to,
      batchSize: 2,
      abortSignal: abort.signal,
      onProgress: ({ done }) => {
        if (done === 4) abort.abort(reason);
      },
    });
    await expect(stopped).rejects.toBe(reason);
    expect(await idsOf(to)).toEqual(['a', 'b', 'c', 'd']);
    expect(await migrateStore({ from, to })).toMatchObject({ copied: 3, skipped: 4 });
  });

  it('removes what the source does not hold where it is asked to, and keeps it elsewhere', async () => {
    const from = await filled();
    const to = createMemoryStore();
    await (await to.openIndex(wanted)).upsert({ records: [record('surplus')] });
    expect(await migrateStore({ from, to })).toMatchObject({ removed: 0 });
    expect(await idsOf(to)).toContain('surplus');
    expect(await migrateStore({ from, to, prune: true })).toMatchObject({ removed: 1 });
    expect(await idsOf(to)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('refuses a target of another model before it copies anything of that index', async () => {
    const from = await filled();
    const to = createMemoryStore();
    const other = await to.openIndex({ ...wanted, embedding: 'another' });
    await expect(migrateStore({ from, to })).rejects.toMatchObject({
      code: 'ERR_RAG_INDEX_MISMATCH',
    });
    expect(await other.count()).toBe(0);
  });

  it('says so where the target does not hold afterwards what it was given', async () => {
    const from = await filled();
    const store = createMemoryStore();
    const to: VectorStore = {
      ...store,
      openIndex: async (options) => {
        const index = await store.openIndex(options);
        return { ...index, upsert: ({ records }) => index.upsert({ records: records.slice(1) }) };
      },
    };
    await expect(migrateStore({ from, to, indexes: ['docs'] })).rejects.toMatchObject({
      code: 'ERR_RAG_MIGRATION_INCOMPLETE',
      details: { index: 'docs', expected: 5, found: 4 },
    });
  });

  it('leaves out an index that is not there', async () => {
    const to = createMemoryStore();
    const report = await migrateStore({ from: await filled(), to, indexes: ['none'] });
    expect(report).toEqual({ indexes: 0, copied: 0, skipped: 0, removed: 0 });
  });
});
