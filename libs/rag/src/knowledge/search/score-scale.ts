/** Mean and deviation of a leg's scores over the whole corpus, for one query. */
export interface ScoreScale {
  readonly mean: number;
  readonly deviation: number;
}

/** The scale of these scores. */
export function scaleOf(scores: Iterable<number>): ScoreScale {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const score of scores) {
    count += 1;
    sum += score;
    squares += score * score;
  }
  if (count === 0) return { mean: 0, deviation: 0 };
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** A score in deviations from the mean; 0 where all are alike. */
export function standardized(score: number, scale: ScoreScale): number {
  return scale.deviation === 0 ? 0 : (score - scale.mean) / scale.deviation;
}
