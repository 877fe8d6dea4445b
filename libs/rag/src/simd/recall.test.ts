import { createSeededRandom, type VectorRecord } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createSimdStore } from './create-simd-store.js';
import { exactCosine } from './engine/exact-cosine.js';
import type { SimdIndex } from './simd-index.js';

const DIMENSION = 96;
const COUNT = 6000;

const normals = (seed: number): (() => number) => {
  const random = createSeededRandom(seed);
  return () => random.next() + random.next() + random.next() - 1.5;
};
const recordOf = (n: number, vector: Float32Array): VectorRecord => ({
  id: `r${String(n).padStart(5, '0')}`,
  vector,
  text: '',
  metadata: { half: n % 2, tenth: n % 100 },
});
/** Vectors about 60 centres, or about none. */
const draw = (isClustered: boolean, seed: number): VectorRecord[] => {
  const normal = normals(seed);
  const centres = Array.from({ length: 60 }, () =>
    Float32Array.from({ length: DIMENSION }, normal),
  );
  return Array.from({ length: COUNT + 40 }, (_, n) => {
    const centre = isClustered ? centres[n % 60] : undefined;
    return recordOf(
      n,
      Float32Array.from({ length: DIMENSION }, (__, i) => (centre?.[i] ?? 0) + normal() * 0.8),
    );
  });
};
const recallOf = async (
  index: SimdIndex,
  records: readonly VectorRecord[],
  queries: readonly VectorRecord[],
  fits: (record: VectorRecord) => boolean = () => true,
  filter?: Parameters<SimdIndex['query']>[0]['filter'],
): Promise<number> => {
  let hits = 0;
  for (const { vector } of queries) {
    const truth = records
      .filter(fits)
      .map((record) => ({ id: record.id, score: exactCosine(vector, record.vector) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 10);
    const found = await index.query({
      vector,
      topK: 10,
      ...(filter === undefined ? {} : { filter }),
    });
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    const ids = new Set(found.map(({ id }) => id));
    hits += truth.filter(({ id }) => ids.has(id)).length;
  }
  return hits / (queries.length * 10);
};

describe.each([
  ['clustered', true],
  ['iid', false],
])('an index of %s vectors', (_, isClustered) => {
  const all = draw(isClustered, 11);
  const records = all.slice(0, COUNT);
  const queries = all.slice(COUNT);

  it('scans bits and reaches its recall on queries that are not in it, filtered or not', async () => {
    const store = createSimdStore();
    const index = await store.openIndex({ name: 'recall', dimension: DIMENSION, embedding: 'e' });
    await index.upsert({ records });
    const plan = await index.build();
    expect(plan).toMatchObject({ mode: 'bits', sampled: 32, size: COUNT });
    expect(plan.recall).toBeGreaterThanOrEqual(0.99);
    expect(await recallOf(index, records, queries)).toBeGreaterThanOrEqual(0.97);
    const half = { field: 'half', op: 'eq', value: 1 } as const;
    const isHalf = ({ metadata }: VectorRecord): boolean => metadata['half'] === 1;
    expect(await recallOf(index, records, queries, isHalf, half)).toBeGreaterThanOrEqual(0.97);
    const tenth = { field: 'tenth', op: 'eq', value: 7 } as const;
    const isTenth = ({ metadata }: VectorRecord): boolean => metadata['tenth'] === 7;
    expect(await recallOf(index, records, queries, isTenth, tenth)).toBe(1);
    await store.close();
  });

  it('keeps its recall while records come, go and change', async () => {
    const store = createSimdStore();
    const index = await store.openIndex({ name: 'recall', dimension: DIMENSION, embedding: 'e' });
    await index.upsert({ records: records.slice(0, 5000) });
    await index.build();
    await index.delete({ ids: records.slice(0, 700).map(({ id }) => id) });
    await index.upsert({ records: records.slice(5000) });
    const changed = records
      .slice(700, 900)
      .map((record, n) => ({ ...record, vector: queries[n % 40]?.vector ?? record.vector }));
    await index.upsert({ records: changed });
    const current = [...changed, ...records.slice(900)];
    expect(await index.count()).toBe(current.length);
    expect(await recallOf(index, current, queries.slice(20))).toBeGreaterThanOrEqual(0.95);
    await store.close();
  });
});

describe('an index whose codes cannot tell vectors apart', () => {
  it('falls back to comparing exactly', async () => {
    const normal = normals(5);
    const store = createSimdStore();
    const index = await store.openIndex({ name: 'near', dimension: 8, embedding: 'e' });
    // All within a thousandth of one direction.
    const records = Array.from({ length: 4200 }, (_, n) =>
      recordOf(
        n,
        Float32Array.from({ length: 8 }, (__, i) => (i === 0 ? 1 : normal() * 1e-3)),
      ),
    );
    await index.upsert({ records });
    expect((await index.build()).mode).toBe('exact');
    expect(await recallOf(index, records, records.slice(0, 5))).toBe(1);
    await store.close();
  });
});

describe('odd vectors', () => {
  it('are compared by direction, however long or short, and zero vectors are equally far from all', async () => {
    const store = createSimdStore();
    const index = await store.openIndex({ name: 'odd', dimension: 3, embedding: 'e' });
    const records = [
      [3e38, 3e38, 0],
      [1e-40, 0, 0],
      [0, 0, 0],
      [0, 0, -2],
    ].map((values, n) => recordOf(n, Float32Array.from(values)));
    await index.upsert({ records });
    const found = await index.query({ vector: Float32Array.of(1, 0, 0), topK: 4 });
    expect(found.map(({ id }) => id)).toEqual(['r00001', 'r00000', 'r00002', 'r00003']);
    expect(found[0]?.score).toBeCloseTo(1, 6);
    expect(found[1]?.score).toBeCloseTo(Math.SQRT1_2, 6);
    const zero = await index.query({ vector: new Float32Array(3), topK: 2 });
    expect(zero.map(({ id, score }) => [id, score])).toEqual([
      ['r00000', 0],
      ['r00001', 0],
    ]);
    await store.close();
  });
});
