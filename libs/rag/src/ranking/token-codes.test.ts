import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { packTokenStates } from './pack-token-states.js';
import { fromTokenCodes, toTokenCodes } from './token-codes.js';

const DIMENSION = 64;
const TOKENS = 20;

/** States whose values are normal, each of length 1. */
function someStates(seed: number) {
  const random = createSeededRandom(seed);
  const vectors = new Float32Array(TOKENS * DIMENSION);
  for (let token = 0; token < TOKENS; token += 1) {
    const row = vectors.subarray(token * DIMENSION, (token + 1) * DIMENSION);
    for (let i = 0; i < DIMENSION; i += 1) {
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      row[i] = radius * Math.cos(2 * Math.PI * random.next());
    }
    const norm = Math.hypot(...row);
    for (let i = 0; i < DIMENSION; i += 1) row[i] = (row[i] ?? 0) / norm;
  }
  return {
    vectors,
    packed: packTokenStates({
      ids: Int32Array.from({ length: TOKENS }, (_, n) => n),
      vectors,
      windows: [],
    }),
  };
}

describe.each([
  { bits: 2 as const, bytes: 16, least: 0.88 },
  { bits: 4 as const, bytes: 32, least: 0.98 },
])('Token states in $bits bits', ({ bits, bytes, least }) => {
  it('come back with nearly their direction, at length 1', () => {
    const { vectors, packed } = someStates(1);
    const codes = toTokenCodes(packed, bits);
    expect(codes).toHaveLength(TOKENS * bytes);
    const states = fromTokenCodes({ ids: packed.ids, codes, bits });
    for (let token = 0; token < TOKENS; token += 1) {
      let product = 0;
      let squares = 0;
      for (let i = token * DIMENSION; i < (token + 1) * DIMENSION; i += 1) {
        const value = (states.bytes[i] ?? 0) * (states.scales[token] ?? 0);
        product += value * (vectors[i] ?? 0);
        squares += value * value;
      }
      expect(squares).toBeCloseTo(1, 4);
      expect(product).toBeGreaterThan(least);
    }
  });

  it('are nothing where there are no tokens', () => {
    const ids = new Int32Array();
    const packed = packTokenStates({ ids, vectors: new Float32Array(), windows: [] });
    const codes = toTokenCodes(packed, bits);
    expect(fromTokenCodes({ ids, codes, bits }).bytes).toHaveLength(0);
  });
});
