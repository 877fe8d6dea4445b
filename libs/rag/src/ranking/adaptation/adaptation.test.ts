import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createVectorTable } from '../internal/vector-table.js';
import { fitRidgeMap } from './fit-ridge-map.js';
import { ownQuery } from './own-query.js';
import { createQueryAdapter, type OwnPair } from './query-adapter.js';

const DIMENSION = 8;
const COUNT = 200;

function randomUnits(seed: number, count = COUNT): Float32Array[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: DIMENSION }, () => random.next() - 0.5);
    const norm = Math.hypot(...vector);
    return vector.map((value) => value / norm);
  });
}

function tableOf(vectors: readonly Float32Array[]) {
  const table = createVectorTable({ size: vectors.length, dimension: DIMENSION });
  for (const [place, vector] of vectors.entries()) table.set(place, vector);
  return table;
}

describe('fitRidgeMap', () => {
  const documents = randomUnits(1);
  const turned = (vector: Float32Array): Float32Array =>
    vector.map((_, i) => vector[(i + 1) % DIMENSION] ?? 0);
  const queries = documents.map(turned);

  it('finds the map that the pairs follow', () => {
    const map = fitRidgeMap({ queries, documents, dimension: DIMENSION, lambda: 1e-6 });
    for (let row = 0; row < DIMENSION; row += 1) {
      for (let column = 0; column < DIMENSION; column += 1) {
        const wanted = column === (row + DIMENSION - 1) % DIMENSION ? 1 : 0;
        expect(map[row * DIMENSION + column]).toBeCloseTo(wanted, 4);
      }
    }
  });

  it('is the least of its own measure: each step aside is worse', () => {
    const lambda = 10;
    const map = fitRidgeMap({ queries, documents, dimension: DIMENSION, lambda });
    const loss = (w: Float32Array): number => {
      let sum = 0;
      for (const [n, query] of queries.entries()) {
        for (let i = 0; i < DIMENSION; i += 1) {
          let moved = 0;
          for (let j = 0; j < DIMENSION; j += 1)
            moved += (w[i * DIMENSION + j] ?? 0) * (query[j] ?? 0);
          sum += (moved - (documents[n]?.[i] ?? 0)) ** 2;
        }
      }
      for (const [at, value] of w.entries())
        sum += lambda * (value - (at % (DIMENSION + 1) === 0 ? 1 : 0)) ** 2;
      return sum;
    };
    const least = loss(map);
    for (const at of [0, 5, 9, 63]) {
      for (const step of [-0.01, 0.01]) {
        const aside = map.map((value, n) => (n === at ? value + step : value));
        expect(loss(aside)).toBeGreaterThan(least);
      }
    }
  });

  it('changes nothing without pairs', () => {
    const map = fitRidgeMap({ queries: [], documents: [], dimension: 2, lambda: 10 });
    expect([...map]).toEqual([1, 0, 0, 1]);
  });
});

describe('createQueryAdapter', () => {
  const documents = randomUnits(2);
  const pairsBy = (queryOf: (document: Float32Array, n: number) => Float32Array): OwnPair[] =>
    documents.map((rest, place) => ({ place, rest, query: queryOf(rest, place) }));

  it('moves queries where held-out ones then find their passages better', () => {
    const pairs = pairsBy((document) => document.map((value, i) => (i < 3 ? -value : value)));
    const table = tableOf(documents);
    const { report, adapt } = createQueryAdapter({ pairs, table, dimension: DIMENSION });
    expect(report).toMatchObject({ pairs: COUNT, isUsed: true });
    expect(report.after).toBeGreaterThan(report.before + 0.2);
    const moved = adapt(pairs[7]?.query ?? new Float32Array(DIMENSION));
    expect(Math.hypot(...moved)).toBeCloseTo(1, 5);
    const scores = table.scores(moved);
    expect(scores.indexOf(Math.max(...scores))).toBe(7);
  });

  it('leaves queries where nothing is gained, where there are few pairs, and those without a direction', () => {
    const table = tableOf(documents);
    const noise = randomUnits(3);
    const zero = new Float32Array(DIMENSION);
    const query = noise[0] ?? zero;
    const good = createQueryAdapter({
      pairs: pairsBy((document) => document),
      table,
      dimension: DIMENSION,
    });
    expect(good.report).toMatchObject({ isUsed: false, before: 1 });
    expect(good.adapt(query)).toBe(query);
    const few = pairsBy((document) => document).slice(0, 10);
    const none = createQueryAdapter({ pairs: few, table, dimension: DIMENSION });
    expect(none.report).toEqual({ pairs: 10, before: 0, after: 0, isUsed: false });
    const pairs = pairsBy((document) => document.map((value, i) => (i < 3 ? -value : value)));
    expect(createQueryAdapter({ pairs, table, dimension: DIMENSION }).adapt(zero)).toBe(zero);
  });
});

describe('ownQuery', () => {
  it('is the title of a passage that has one', () => {
    expect(ownQuery({ title: 'How to bake bread', text: 'Take flour.' })).toBe('How to bake bread');
  });

  it('is none of prose without a title of some words', () => {
    expect(ownQuery({ title: 'Late', text: 'He went home. Nobody had waited.' })).toBeUndefined();
  });

  it.each([
    ['def f(x):\n    """Return the square of a number. See g."""\n    return x * x\n'],
    ['# Return the square of a number.\ndef f(x):\n    return x * x\n'],
    ['/** Return the square of a number. */\nfunction f(x) {\n  return x * x;\n}\n'],
  ])('is the first sentence of what a comment says of code: %j', (text) => {
    expect(ownQuery({ text })).toBe('Return the square of a number.');
  });

  it('is none of code without a comment', () => {
    expect(ownQuery({ text: 'function f(x) {\n  return x * x;\n}\n' })).toBeUndefined();
  });
});
