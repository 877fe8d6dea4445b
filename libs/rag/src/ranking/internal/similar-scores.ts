import type { VectorTable } from './vector-table.js';

const NEIGHBORS = 5;

/**
 * Returns what gives a passage the mean score of the five passages most like it, weighed by their likeness.
 *
 * The likest passages of one passage are found by comparing it with all, once.
 *
 * @see Diaz, "Regularizing ad hoc retrieval scores" (2005) — one step, over the nearest few.
 */
export function createSimilarScores(
  table: VectorTable,
): (index: number, scores: Float32Array) => number {
  const known = new Map<number, readonly { readonly index: number; readonly likeness: number }[]>();
  const neighborsOf = (index: number) => {
    let found = known.get(index);
    if (found === undefined) {
      const likeness = table.scores(table.row(index));
      likeness[index] = -Infinity;
      const best: number[] = [];
      for (let other = 0; other < likeness.length; other += 1) {
        const value = likeness[other] ?? 0;
        if (best.length === NEIGHBORS && value <= (likeness[best.at(-1) ?? 0] ?? 0)) continue;
        if (value <= 0) continue;
        const place = best.findIndex((one) => (likeness[one] ?? 0) < value);
        best.splice(place < 0 ? best.length : place, 0, other);
        if (best.length > NEIGHBORS) best.pop();
      }
      found = best.map((other) => ({ index: other, likeness: likeness[other] ?? 0 }));
      known.set(index, found);
    }
    return found;
  };
  return (index, scores) => {
    let sum = 0;
    let total = 0;
    for (const { index: other, likeness } of neighborsOf(index)) {
      sum += likeness * (scores[other] ?? 0);
      total += likeness;
    }
    return total === 0 ? (scores[index] ?? 0) : sum / total;
  };
}
