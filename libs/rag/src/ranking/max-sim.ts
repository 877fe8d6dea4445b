import type { TokenStates } from '@espalier/core';
import type { PackedTokenStates } from './pack-token-states.js';

/**
 * Returns Σ weight · (largest cosine of the token to any token of the passage) / Σ weight over the tokens of the query.
 *
 * 0 where one of the two has no token. Cost: query tokens × passage tokens × dimension.
 *
 * @see Khattab & Zaharia, "ColBERT" (2020), equation 3 — here weighted, and over the states of an encoder that was not
 * trained for it.
 */
export function maxSim(options: {
  readonly query: TokenStates;
  readonly passage: PackedTokenStates;
  /** One for each token of the query. Default: all equal. */
  readonly weights?: ArrayLike<number>;
}): number {
  const { query, passage, weights } = options;
  const tokens = query.ids.length;
  const passageTokens = passage.ids.length;
  if (tokens === 0 || passageTokens === 0) return 0;
  const dimension = query.vectors.length / tokens;
  const whole = dimension - (dimension % 4);
  const { bytes, scales } = passage;
  let total = 0;
  let totalWeight = 0;
  for (let token = 0; token < tokens; token += 1) {
    const vector = query.vectors.subarray(token * dimension, (token + 1) * dimension);
    let best = -Infinity;
    for (let other = 0, place = 0; other < passageTokens; other += 1) {
      // Four sums at once: one alone would wait for itself at each step.
      let first = 0;
      let second = 0;
      let third = 0;
      let fourth = 0;
      for (let i = 0; i < whole; i += 4, place += 4) {
        first += (vector[i] ?? 0) * (bytes[place] ?? 0);
        second += (vector[i + 1] ?? 0) * (bytes[place + 1] ?? 0);
        third += (vector[i + 2] ?? 0) * (bytes[place + 2] ?? 0);
        fourth += (vector[i + 3] ?? 0) * (bytes[place + 3] ?? 0);
      }
      for (let i = whole; i < dimension; i += 1, place += 1) {
        first += (vector[i] ?? 0) * (bytes[place] ?? 0);
      }
      const sum = first + second + third + fourth;
      best = Math.max(best, sum * (scales[other] ?? 0));
    }
    const weight = weights?.[token] ?? 1;
    total += weight * best;
    totalWeight += weight;
  }
  return totalWeight === 0 ? 0 : total / totalWeight;
}
