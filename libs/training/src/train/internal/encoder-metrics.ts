import type { ClassificationMetrics } from './classification-metrics.js';
import type { RankingMetrics } from './ranking-metrics.js';

/** What an evaluation of an encoder tells beside the loss; which of them depends on the task. */
export interface EncoderMetrics extends Partial<RankingMetrics>, Partial<ClassificationMetrics> {
  /** Cross-encoder: the harmonic mean of precision and recall at a score of 0.5. */
  readonly f1?: number;
  /** Cross-encoder: the area under the curve of precision over recall. */
  readonly average_precision?: number;
}
