import { InvalidArgumentError } from '@espalier/core';

/**
 * Returns the places of `count` candidates, chosen one by one: each is the best by
 * `balance · score − (1 − balance) · likeness to the nearest one chosen` (maximal marginal relevance).
 *
 * Shapes: `vectors` [candidates][dimension], of length 1
 * Units: `scores` should be on the scale of cosines; `balance` 1 keeps the order of the scores
 *
 * @see Carbonell & Goldstein, "The use of MMR, diversity-based reranking" (1998).
 */
export function selectDiverse(options: {
  readonly scores: readonly number[];
  readonly vectors: readonly Float32Array[];
  readonly count: number;
  /** 0 to 1. Default 0.7. */
  readonly balance?: number;
}): number[] {
  const { scores, vectors, count, balance = 0.7 } = options;
  if (!(balance >= 0 && balance <= 1)) {
    throw new InvalidArgumentError({
      argument: 'balance',
      value: balance,
      expected: 'a number from 0 to 1',
    });
  }
  const chosen: number[] = [];
  const nearest = new Float64Array(scores.length);
  const left = new Set(scores.keys());
  while (chosen.length < count && left.size > 0) {
    let best = -1;
    let bestValue = -Infinity;
    for (const index of left) {
      const value = balance * (scores[index] ?? 0) - (1 - balance) * (nearest[index] ?? 0);
      if (value > bestValue || best < 0) {
        best = index;
        bestValue = value;
      }
    }
    chosen.push(best);
    left.delete(best);
    for (const index of left) {
      const likeness = dot(vectors[index], vectors[best]);
      nearest[index] = chosen.length === 1 ? likeness : Math.max(nearest[index] ?? 0, likeness);
    }
  }
  return chosen;
}

function dot(first: Float32Array | undefined, second: Float32Array | undefined): number {
  let sum = 0;
  for (let i = 0; i < (first?.length ?? 0); i += 1) sum += (first?.[i] ?? 0) * (second?.[i] ?? 0);
  return sum;
}
