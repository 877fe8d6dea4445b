import { createSeededRandom, matchesFilter, type Filter, type VectorIndex } from '@espalier/core';
import { expect, it } from 'vitest';
import { drawFilter, drawMetadata } from '../retrieval/draw-filter.js';

const RECORDS = 60;
const SEED = 20_261;

/** Tests that a store's filters mean what the reference predicate says, whatever the data. */
export function testVectorStoreFilters(options: {
  index: () => VectorIndex;
  filters: number;
}): void {
  it('finds exactly what the reference predicate does, for filters and metadata drawn at random', async () => {
    const index = options.index();
    const random = createSeededRandom(SEED);
    const records = Array.from({ length: RECORDS }, (_, n) => ({
      id: `r${String(n).padStart(3, '0')}`,
      vector: Float32Array.of(1, random.next(), random.next()),
      text: 't',
      metadata: drawMetadata(random),
    }));
    await index.upsert({ records });
    for (let n = 0; n < options.filters; n += 1) {
      const filter = drawFilter(random);
      const expected = records
        .filter(({ metadata }) => matchesFilter(metadata, filter))
        .map(({ id }) => id);
      const told = JSON.stringify(filter);
      expect(await index.count({ filter }), told).toBe(expected.length);
      const vector = Float32Array.of(1, 0.5, 0.5);
      const found = await index.query({ vector, topK: RECORDS, filter });
      expect(found.map(({ id }) => id).sort(), told).toEqual(expected);
    }
  });

  it('refuses a filter that is not of the language', async () => {
    const index = options.index();
    const vector = Float32Array.of(1, 0, 0);
    const bad: unknown[] = [
      { field: 'a', op: 'like', value: '%' },
      { field: 'a', op: 'eq', value: Number.NaN },
      { field: 'a', op: 'eq', value: null },
      { field: 'a', op: 'gt', value: true },
      { field: 'a', op: 'in', values: 'x' },
      { field: '', op: 'eq', value: 'x' },
      { field: 'a', op: 'eq', value: '\ud800' },
      { op: 'and' },
      { op: 'not' },
      'kind = 1 OR true',
    ];
    for (const filter of bad as Filter[]) {
      const expected = { code: 'ERR_RAG_FILTER_INVALID' };
      await expect(index.query({ vector, topK: 1, filter })).rejects.toMatchObject(expected);
      await expect(index.count({ filter })).rejects.toMatchObject(expected);
      await expect(index.delete({ filter })).rejects.toMatchObject(expected);
    }
  });
}
