/** The order of rows by score, best first; equal ones as they came. */
export function orderByScore(scores: Float64Array | Float32Array): Int32Array {
  return Int32Array.from(scores.keys()).sort(
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
  );
}

/** What a place is worth: 1 / log2(place + 2), from 0. */
export function discountOf(place: number): number {
  return 1 / Math.log2(place + 2);
}

/** The discounted gain of the best `depth` grades. */
export function idealGain(grades: Iterable<number>, depth: number): number {
  return [...grades]
    .filter((grade) => grade > 0)
    .sort((a, b) => b - a)
    .slice(0, depth)
    .reduce((sum, grade, place) => sum + grade * discountOf(place), 0);
}

/** nDCG at a depth of rows with these grades and scores. */
export function ndcgOf(options: {
  readonly scores: Float64Array | Float32Array;
  readonly grades: Float32Array;
  readonly ideal: number;
  readonly depth: number;
}): number {
  const { scores, grades, ideal, depth } = options;
  if (ideal === 0) return 0;
  let sum = 0;
  for (const [place, row] of orderByScore(scores).subarray(0, depth).entries())
    sum += (grades[row] ?? 0) * discountOf(place);
  return sum / ideal;
}
