import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { selectEvidence } from './select-evidence.js';

const CHUNK = 10;
const chunks = ['a', 'b'].flatMap((documentId) =>
  Array.from({ length: 50 }, (_, n) => ({
    documentId,
    span: { start: n * CHUNK, end: n * CHUNK + CHUNK - 1 },
  })),
);
/** Low scores that vary a little, and the ones named. */
const scoresOf = (named: Readonly<Record<number, number>>): Float32Array =>
  Float32Array.from(chunks, (_, index) => named[index] ?? (index % 7) / 100);

describe('selectEvidence', () => {
  it('takes one chunk alone where the scores leave no doubt', () => {
    const [only, ...others] = selectEvidence({
      chunks,
      scores: scoresOf({ 20: 30 }),
      sharpness: 2,
    });
    expect(only).toMatchObject({ documentId: 'a', first: 20, last: 20 });
    expect(only?.span).toEqual({ start: 200, end: 209 });
    expect(only?.mass).toBeGreaterThan(0.99);
    expect(others).toEqual([]);
  });

  it('takes more the less sure the scores are', () => {
    const count = (sharpness: number): number =>
      selectEvidence({ chunks, scores: scoresOf({ 20: 1 }), sharpness }).reduce(
        (sum, { first, last }) => sum + last - first + 1,
        0,
      );
    expect(count(2)).toBeLessThan(count(0.5));
  });

  it('joins near chunks of one document with what is between them', () => {
    const scores = scoresOf({ 10: 30, 13: 29.9, 60: 29.8 });
    const found = selectEvidence({ chunks, scores, sharpness: 4, reach: 2 });
    expect(found.map(({ documentId, first, last }) => [documentId, first, last])).toEqual([
      ['a', 10, 13],
      ['b', 60, 60],
    ]);
    expect(selectEvidence({ chunks, scores, sharpness: 4, reach: 1 })).toHaveLength(3);
  });

  it('never joins the end of one document to the beginning of the next', () => {
    const scores = scoresOf({ 49: 30, 50: 29.9 });
    const found = selectEvidence({ chunks, scores, sharpness: 4 });
    expect(found.map(({ documentId }) => documentId)).toEqual(['a', 'b']);
  });

  it('begins no more passages than asked for', () => {
    const scores = scoresOf({ 0: 30, 25: 29, 49: 28, 75: 27 });
    expect(selectEvidence({ chunks, scores, sharpness: 1, maxPassages: 2, reach: 0 })).toHaveLength(
      2,
    );
  });

  it('takes everything in reach of scores that tell nothing, up to the limit of chunks', () => {
    const found = selectEvidence({ chunks, scores: new Float32Array(100), maxChunks: 12 });
    expect(found).toMatchObject([{ first: 0, last: 11 }]);
  });

  it('gives passages apart from each other, whatever the scores', () => {
    const random = createSeededRandom(5);
    for (let round = 0; round < 100; round += 1) {
      const scores = Float32Array.from(chunks, () => random.next() ** 8 * 10);
      const found = selectEvidence({ chunks, scores, reach: Math.floor(random.next() * 6) });
      const taken = found.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, n) => first + n),
      );
      expect(new Set(taken).size).toBe(taken.length);
      expect(found.length).toBeLessThanOrEqual(5);
      expect(taken).toContain(scores.indexOf(Math.max(...scores)));
    }
  });

  it('finds nothing among no chunks', () => {
    expect(selectEvidence({ chunks: [], scores: new Float32Array(0) })).toEqual([]);
  });

  it('refuses scores that do not fit the chunks and a share that is none', () => {
    const invalid = expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' });
    expect(() => selectEvidence({ chunks, scores: new Float32Array(1) })).toThrow(invalid);
    expect(() => selectEvidence({ chunks, scores: scoresOf({}), mass: 0 })).toThrow(invalid);
    expect(() => selectEvidence({ chunks, scores: scoresOf({}), reach: 0.5 })).toThrow(invalid);
  });
});
