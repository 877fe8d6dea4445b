import { assertSameLength } from './internal/assert-same-length.js';
import { standardizeScores } from './standardize-scores.js';

/** The scores that one way of searching gives all passages, and how much they count. */
export interface ScoreLeg {
  /** Shape: [passages]; higher is better. */
  readonly scores: Float32Array;
  readonly weight: number;
}

/**
 * Returns the weighted sum of the legs, each standardised over the whole corpus.
 *
 * Of the ways to bring legs together this one lost least where a leg was weak: a leg that is sure (few passages far above
 * the others) outvotes one that is not.
 *
 * @throws {InvalidArgumentError} legs differ in length.
 */
export function fuseStandardized(legs: readonly ScoreLeg[]): Float32Array {
  return weightedSum(legs, standardizeScores);
}

/** Returns the weighted sum of the legs, each brought to 0 to 1 by its smallest and largest score (convex combination). */
export function fuseConvex(legs: readonly ScoreLeg[]): Float32Array {
  return weightedSum(legs, (scores) => {
    let low = Infinity;
    let high = -Infinity;
    for (const score of scores) {
      low = Math.min(low, score);
      high = Math.max(high, score);
    }
    return scores.map((score) => (high > low ? (score - low) / (high - low) : 0));
  });
}

function weightedSum(
  legs: readonly ScoreLeg[],
  normalize: (scores: Float32Array) => Float32Array,
): Float32Array {
  assertSameLength(legs.map(({ scores }) => scores));
  const result = new Float32Array(legs[0]?.scores.length ?? 0);
  for (const { scores, weight } of legs) {
    if (weight === 0) continue;
    const normalized = normalize(scores);
    for (let i = 0; i < result.length; i += 1) {
      result[i] = (result[i] ?? 0) + weight * (normalized[i] ?? 0);
    }
  }
  return result;
}
