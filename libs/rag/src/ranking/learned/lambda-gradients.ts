import { discountOf, orderByScore } from './ranking-metric.js';

/** Places below count as this one: what happens there is seen by nobody. */
const DEPTH = 30;

/**
 * Adds the gradients of one query: how far each row should rise, and how sure that is.
 *
 * Each pair of rows with different grades pulls them apart, by as much as nDCG would change if they swapped places. The
 * gradients of a query are brought to ln(1 + their sum), so that queries with many relevant rows do not outweigh others.
 *
 * Shapes: all [rows of the query].
 *
 * @see Burges, "From RankNet to LambdaRank to LambdaMART" (2010), sections 4 and 7.
 */
export function addLambdaGradients(options: {
  readonly scores: Float64Array;
  readonly grades: Float32Array;
  readonly ideal: number;
  readonly gradients: Float64Array;
  readonly curvatures: Float64Array;
}): void {
  const { scores, grades, ideal, gradients, curvatures } = options;
  if (ideal === 0) return;
  const order = orderByScore(scores);
  const places = new Int32Array(order.length);
  for (const [place, row] of order.entries()) places[row] = place;
  let total = 0;
  for (let high = 0; high < grades.length; high += 1) {
    const grade = grades[high] ?? 0;
    if (grade <= 0) continue;
    for (let low = 0; low < grades.length; low += 1) {
      const other = grades[low] ?? 0;
      if (other >= grade) continue;
      const first = places[high] ?? 0;
      const second = places[low] ?? 0;
      if (Math.min(first, second) >= DEPTH) continue;
      const swapped = ((grade - other) * Math.abs(discountOf(first) - discountOf(second))) / ideal;
      const doubt = 1 / (1 + Math.exp((scores[high] ?? 0) - (scores[low] ?? 0)));
      const pull = doubt * swapped;
      const curvature = doubt * (1 - doubt) * swapped;
      gradients[high] = (gradients[high] ?? 0) + pull;
      gradients[low] = (gradients[low] ?? 0) - pull;
      curvatures[high] = (curvatures[high] ?? 0) + curvature;
      curvatures[low] = (curvatures[low] ?? 0) + curvature;
      total += 2 * pull;
    }
  }
  if (total === 0) return;
  const scale = Math.log1p(total) / total;
  for (let row = 0; row < grades.length; row += 1) {
    gradients[row] = (gradients[row] ?? 0) * scale;
    curvatures[row] = (curvatures[row] ?? 0) * scale;
  }
}
