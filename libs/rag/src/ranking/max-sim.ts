import type { PackedTokenStates } from './pack-token-states.js';

/**
 * Returns Σ weight · (largest cosine of the token to any token of the passage) / Σ weight over the tokens of the query.
 *
 * 0 where one of the two has no token. Both come at a byte a value, because sums of whole numbers are 2.5 times as fast.
 * Cost: query tokens × passage tokens × dimension.
 *
 * @see Khattab & Zaharia, "ColBERT" (2020), equation 3 — here weighted, and over the states of an encoder that was not
 * trained for it.
 */
export function maxSim(options: {
  readonly query: PackedTokenStates;
  readonly passage: PackedTokenStates;
  /** One for each token of the query. Default: all equal. */
  readonly weights?: ArrayLike<number>;
}): number {
  const { query, passage, weights } = options;
  const tokens = query.ids.length;
  const passageTokens = passage.ids.length;
  if (tokens === 0 || passageTokens === 0) return 0;
  const dimension = query.bytes.length / tokens;
  const asked = query.bytes;
  const { bytes, scales } = passage;
  let total = 0;
  let totalWeight = 0;
  for (let token = 0; token < tokens; token += 1) {
    const start = token * dimension;
    const end = start + dimension;
    let best = -Infinity;
    for (let other = 0, place = 0; other < passageTokens; other += 1) {
      let sum = 0;
      for (let i = start; i < end; i += 1, place += 1) {
        sum = (sum + Math.imul(asked[i] ?? 0, bytes[place] ?? 0)) | 0;
      }
      best = Math.max(best, sum * (scales[other] ?? 0));
    }
    const weight = weights?.[token] ?? 1;
    total += weight * best * (query.scales[token] ?? 0);
    totalWeight += weight;
  }
  return totalWeight === 0 ? 0 : total / totalWeight;
}
