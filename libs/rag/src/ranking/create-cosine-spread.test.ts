import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createCosineSpread } from './create-cosine-spread.js';

const random = createSeededRandom(3);
const draw = (dimension: number): Float32Array =>
  Float32Array.from({ length: dimension }, () => random.next() - 0.3);

function naive(query: Float32Array, vectors: readonly Float32Array[]) {
  const length = (vector: Float32Array): number => Math.hypot(...vector);
  const cosines = vectors.map(
    (vector) =>
      vector.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0) /
      (length(vector) * length(query)),
  );
  const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
  const square = cosines.reduce((sum, value) => sum + value * value, 0) / cosines.length;
  return { mean, deviation: Math.sqrt(square - mean * mean) };
}

describe('createCosineSpread', () => {
  it.each([
    [200, 12],
    [10, 12],
  ])('gives mean and deviation of %i vectors of %i values, early and late', (count, dimension) => {
    const vectors = Array.from({ length: count }, () => draw(dimension));
    const spread = createCosineSpread(vectors);
    for (let n = 0; n < 40; n += 1) {
      const query = draw(dimension);
      const expected = naive(query, vectors);
      const { mean, deviation } = spread.of(query);
      expect(mean).toBeCloseTo(expected.mean, 6);
      expect(deviation).toBeCloseTo(expected.deviation, 6);
    }
  });

  it('is 0 for a zero query, for no vectors, and for vectors of length 0', () => {
    const zero = new Float32Array(3);
    expect(createCosineSpread([draw(3), draw(3)]).of(zero)).toEqual({ mean: 0, deviation: 0 });
    expect(createCosineSpread([]).of(draw(3))).toEqual({ mean: 0, deviation: 0 });
    expect(createCosineSpread([zero]).of(draw(3))).toEqual({ mean: 0, deviation: 0 });
  });
});
