import {
  EspalierError,
  type Filter,
  type VectorIndex,
  type VectorRecord,
  type VectorStore,
} from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testVectorStoreFilters } from './vector-store-filters.js';
import { testVectorStoreLifecycle } from './vector-store-lifecycle.js';

/** What the suite needs. */
export interface VectorStoreConformanceOptions {
  /** Makes an empty store. */
  create(): VectorStore | Promise<VectorStore>;
  /** Opens the data of the store made last anew, after it was closed. Leave out where nothing persists. */
  reopen?(): VectorStore | Promise<VectorStore>;
  /** How many filters are drawn and compared with the reference predicate. Default 40. */
  readonly randomFilters?: number;
}

const record = (
  id: string,
  vector: readonly number[],
  metadata: VectorRecord['metadata'] = {},
): VectorRecord => ({
  id,
  vector: Float32Array.from(vector),
  text: `text of ${id}`,
  metadata,
});

const FRUIT = [
  record('apple', [1, 0, 0], { kind: 'pome', weight: 150, isRed: true }),
  record('berry', [0, 1, 0], { kind: 'berry', weight: 5, isRed: true }),
  record('citron', [0, 0, 1], { kind: 'citrus', weight: 700, isRed: false }),
  record('date', [0.6, 0.8, 0], { kind: 'drupe', weight: 10 }),
];

const FILTERS: readonly (readonly [string, Filter, readonly string[]])[] = [
  ['eq', { field: 'kind', op: 'eq', value: 'pome' }, ['apple']],
  ['eq of a boolean', { field: 'isRed', op: 'eq', value: true }, ['apple', 'berry']],
  [
    'ne, where the field is present or not',
    { field: 'isRed', op: 'ne', value: true },
    ['citron', 'date'],
  ],
  ['lt', { field: 'weight', op: 'lt', value: 10 }, ['berry']],
  ['lte', { field: 'weight', op: 'lte', value: 10 }, ['berry', 'date']],
  ['gt', { field: 'weight', op: 'gt', value: 150 }, ['citron']],
  ['gte', { field: 'weight', op: 'gte', value: 150 }, ['apple', 'citron']],
  ['gt of texts', { field: 'kind', op: 'gt', value: 'citrus' }, ['apple', 'date']],
  ['in', { field: 'kind', op: 'in', values: ['pome', 'drupe'] }, ['apple', 'date']],
  ['in nothing', { field: 'kind', op: 'in', values: [] }, []],
  ['nin', { field: 'kind', op: 'nin', values: ['pome', 'drupe'] }, ['berry', 'citron']],
  ['exists', { field: 'isRed', op: 'exists', value: true }, ['apple', 'berry', 'citron']],
  ['exists not', { field: 'isRed', op: 'exists', value: false }, ['date']],
  [
    'and',
    {
      op: 'and',
      filters: [
        { field: 'isRed', op: 'eq', value: true },
        { field: 'weight', op: 'gt', value: 10 },
      ],
    },
    ['apple'],
  ],
  [
    'or',
    {
      op: 'or',
      filters: [
        { field: 'kind', op: 'eq', value: 'pome' },
        { field: 'weight', op: 'eq', value: 5 },
      ],
    },
    ['apple', 'berry'],
  ],
  [
    'not',
    { op: 'not', filter: { field: 'kind', op: 'eq', value: 'pome' } },
    ['berry', 'citron', 'date'],
  ],
  ['and of nothing', { op: 'and', filters: [] }, ['apple', 'berry', 'citron', 'date']],
  ['a quote in a value', { field: 'kind', op: 'eq', value: "' OR 1=1 --" }, []],
];

/** Declares the tests that every `VectorStore` must pass. */
export function describeVectorStoreConformance(
  name: string,
  options: VectorStoreConformanceOptions,
): void {
  describe(`${name} keeps the VectorStore contract`, () => {
    let store: VectorStore;
    let index: VectorIndex;

    beforeEach(async () => {
      store = await options.create();
      index = await store.openIndex({ name: 'fruit', dimension: 3, embedding: 'test-embedding' });
    });
    afterEach(async () => {
      await store.close();
    });

    const idsWhere = async (filter: Filter): Promise<string[]> => {
      const ids: string[] = [];
      for await (const page of index.scroll({ filter })) ids.push(...page.map(({ id }) => id));
      return ids;
    };

    it('says who it is and what it accepts', () => {
      expect(store.specificationVersion).toBe('v1');
      expect(store.name).not.toBe('');
      expect(store.limits.maxDimension).toBeGreaterThanOrEqual(3);
      expect(store.limits.maxRecordsPerUpsert).toBeGreaterThan(0);
      expect(index).toMatchObject({ name: 'fruit', dimension: 3, embedding: 'test-embedding' });
    });

    it('is empty at first', async () => {
      expect(await index.count()).toBe(0);
      expect(await index.query({ vector: Float32Array.of(1, 0, 0), topK: 5 })).toEqual([]);
      expect(await index.get({ ids: ['apple'] })).toEqual([]);
      expect(await index.delete({ ids: ['apple'] })).toBe(0);
    });

    it('gives records back as they were, in the order asked for', async () => {
      await index.upsert({ records: FRUIT });
      const found = await index.get({ ids: ['date', 'nobody', 'apple'] });
      expect(found.map(({ id }) => id)).toEqual(['date', 'apple']);
      expect(found[1]?.text).toBe('text of apple');
      expect(found[1]?.metadata).toEqual({ kind: 'pome', weight: 150, isRed: true });
      expect([...(found[1]?.vector ?? [])]).toEqual([1, 0, 0]);
    });

    it('keeps nested metadata, odd ids and odd texts', async () => {
      const odd: VectorRecord = {
        id: 'it\'s; a "path"/to%20ä\\x',
        vector: Float32Array.of(0, 0, 1),
        text: "quote ' and 漢字 and \n break",
        metadata: { nested: { list: [1, null, 'x'] }, "od'd field": 'v', nothing: null },
      };
      await index.upsert({ records: [odd] });
      const [found] = await index.get({ ids: [odd.id] });
      expect(found).toMatchObject({ id: odd.id, text: odd.text, metadata: odd.metadata });
      expect(await index.delete({ ids: [odd.id] })).toBe(1);
    });

    it('replaces a record that has the same id', async () => {
      await index.upsert({ records: FRUIT });
      await index.upsert({ records: [record('apple', [0, 0, 1], { kind: 'new' })] });
      expect(await index.count()).toBe(4);
      expect((await index.get({ ids: ['apple'] }))[0]?.metadata).toEqual({ kind: 'new' });
    });

    it('keeps the last of two equal ids in one call', async () => {
      await index.upsert({
        records: [record('twin', [1, 0, 0], { n: 1 }), record('twin', [0, 1, 0], { n: 2 })],
      });
      expect(await index.count()).toBe(1);
      expect((await index.get({ ids: ['twin'] }))[0]?.metadata).toEqual({ n: 2 });
    });

    it('refuses vectors of another length and vectors that are not finite, and keeps none of the call', async () => {
      for (const bad of [record('bad', [1, 0]), record('bad', [1, Number.NaN, 0])]) {
        const error: unknown = await index
          .upsert({ records: [record('good', [1, 0, 0]), bad] })
          .catch((caught: unknown) => caught);
        expect(EspalierError.isInstance(error)).toBe(true);
      }
      expect(await index.count()).toBe(0);
    });

    it('finds the nearest by cosine, best first, ties by id', async () => {
      await index.upsert({ records: [...FRUIT, record('almond', [2, 0, 0])] });
      const matches = await index.query({ vector: Float32Array.of(5, 0, 0), topK: 3 });
      expect(matches.map(({ id }) => id)).toEqual(['almond', 'apple', 'date']);
      expect(matches[0]?.score).toBeCloseTo(1, 4);
      expect(matches[2]?.score).toBeCloseTo(0.6, 4);
      expect(matches[1]).toMatchObject({ text: 'text of apple', metadata: { kind: 'pome' } });
    });

    it('filters before it ranks', async () => {
      await index.upsert({ records: FRUIT });
      const matches = await index.query({
        vector: Float32Array.of(1, 0, 0),
        topK: 1,
        filter: { field: 'kind', op: 'eq', value: 'citrus' },
      });
      expect(matches.map(({ id }) => id)).toEqual(['citron']);
    });

    it.each(FILTERS)('filters by %s', async (_, filter, expected) => {
      await index.upsert({ records: FRUIT });
      expect(await idsWhere(filter)).toEqual(expected);
      expect(await index.count({ filter })).toBe(expected.length);
      const matches = await index.query({ vector: Float32Array.of(1, 1, 1), topK: 10, filter });
      expect(matches.map(({ id }) => id).sort()).toEqual(expected);
    });

    it('deletes by id and by filter, and says how many', async () => {
      await index.upsert({ records: FRUIT });
      expect(await index.delete({ ids: ['apple', 'nobody'] })).toBe(1);
      expect(await index.delete({ filter: { field: 'weight', op: 'lte', value: 10 } })).toBe(2);
      expect(await index.count()).toBe(1);
    });

    it('scrolls over all records once, in order of id, page by page', async () => {
      const many = Array.from({ length: 25 }, (_, n) =>
        record(`id-${String(n).padStart(2, '0')}`, [1, n, 0]),
      );
      await index.upsert({ records: many.toReversed() });
      const pages: string[][] = [];
      for await (const page of index.scroll({ pageSize: 10 })) pages.push(page.map(({ id }) => id));
      expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
      expect(pages.flat()).toEqual(many.map(({ id }) => id));
    });

    it('keeps indexes apart, lists them, and drops one with its data', async () => {
      const other = await store.openIndex({
        name: 'stones',
        dimension: 2,
        embedding: 'test-embedding',
      });
      await index.upsert({ records: FRUIT });
      expect(await other.count()).toBe(0);
      expect([...(await store.listIndexes())].sort()).toEqual(['fruit', 'stones']);
      await store.dropIndex({ name: 'fruit' });
      await store.dropIndex({ name: 'never-made' });
      expect(await store.listIndexes()).toEqual(['stones']);
      const again = await store.openIndex({
        name: 'fruit',
        dimension: 3,
        embedding: 'test-embedding',
      });
      expect(await again.count()).toBe(0);
    });

    it('refuses to open an index with another dimension or another embedding', async () => {
      await index.upsert({ records: FRUIT });
      for (const wrong of [
        { name: 'fruit', dimension: 4, embedding: 'test-embedding' },
        { name: 'fruit', dimension: 3, embedding: 'another-embedding' },
      ]) {
        const error: unknown = await store.openIndex(wrong).catch((caught: unknown) => caught);
        expect(EspalierError.isInstance(error)).toBe(true);
      }
      const same = await store.openIndex({
        name: 'fruit',
        dimension: 3,
        embedding: 'test-embedding',
      });
      expect(await same.count()).toBe(4);
    });

    it('lets two upserts at the same time both arrive', async () => {
      await Promise.all(FRUIT.map((fruit) => index.upsert({ records: [fruit] })));
      expect(await index.count()).toBe(4);
    });

    it('refuses a call whose signal is already aborted, with the reason of the signal', async () => {
      const reason = new DOMException('Enough.', 'AbortError');
      const abortSignal = AbortSignal.abort(reason);
      await expect(index.upsert({ records: FRUIT, abortSignal })).rejects.toBe(reason);
      await expect(
        index.query({ vector: Float32Array.of(1, 0, 0), topK: 1, abortSignal }),
      ).rejects.toBe(reason);
      expect(await index.count()).toBe(0);
    });

    testVectorStoreLifecycle({ store: () => store, index: () => index });
    testVectorStoreFilters({ index: () => index, filters: options.randomFilters ?? 40 });

    it.runIf(options.reopen !== undefined)(
      'has everything after it was closed and opened again',
      async () => {
        await index.upsert({ records: FRUIT });
        await index.delete({ ids: ['berry'] });
        await store.close();
        store = (await options.reopen?.()) ?? store;
        index = await store.openIndex({ name: 'fruit', dimension: 3, embedding: 'test-embedding' });
        expect(await index.count()).toBe(3);
        expect((await index.get({ ids: ['date'] }))[0]?.metadata).toEqual({
          kind: 'drupe',
          weight: 10,
        });
      },
    );
  });
}
