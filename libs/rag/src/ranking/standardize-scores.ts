/**
 * Returns the scores of one query on the scale of their own distribution: mean 0, deviation 1.
 *
 * To be given the scores of the whole corpus, zeros included: the deviation among the best alone says nothing about how
 * sure a leg is. Scores that are all equal (or not finite) give zeros, so that a leg without an opinion has no say.
 *
 * Shapes: [passages] → [passages]
 */
export function standardizeScores(scores: Float32Array): Float32Array {
  let sum = 0;
  let squares = 0;
  for (const score of scores) {
    sum += score;
    squares += score * score;
  }
  const mean = sum / Math.max(1, scores.length);
  const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, scores.length) - mean * mean));
  const result = new Float32Array(scores.length);
  // What rounding alone makes of equal scores is no difference.
  if (!(deviation > Math.abs(mean) * 1e-6)) return result;
  for (let i = 0; i < scores.length; i += 1) result[i] = ((scores[i] ?? 0) - mean) / deviation;
  return result;
}
