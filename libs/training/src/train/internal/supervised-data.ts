import type { TrainingJob } from '../job-schema.js';
import { packRows } from '../pack-rows.js';
import type { TokenRow } from '../token-rows.js';
import { makeBatch, scoredCount } from './batch.js';
import type { TaskData } from './prepare-data.js';
import { createStepIndices } from './step-indices.js';

/** Rows, or packs of them, side by side. */
export function supervisedData(options: {
  readonly job: TrainingJob;
  readonly rows: readonly TokenRow[];
  readonly evaluation: readonly TokenRow[];
  readonly maxLength: number;
}): TaskData {
  const { job, rows, evaluation } = options;
  const padding = { maxLength: options.maxLength, multiple: job.pad_to_multiple_of };
  const units = job.packing ? packRows(rows, options.maxLength) : rows;
  const lengths = units.map(({ ids }) => ids.length);
  const indicesOf = createStepIndices(job, lengths);
  return {
    longest: Math.max(...lengths),
    stepBatches(step) {
      const wanted = indicesOf(step).map((indices) =>
        indices.flatMap((index) => units[index] ?? []),
      );
      const scored = wanted.flat().reduce((total, row) => total + scoredCount(row), 0);
      return {
        batches: wanted.map((members) => ({ batch: makeBatch(members, padding) })),
        share: 1 / scored,
      };
    },
    *evaluationBatches() {
      for (let at = 0; at < evaluation.length; at += job.batch_size) {
        const batch = makeBatch(evaluation.slice(at, at + job.batch_size), padding);
        yield { batch, units: batch.scored };
      }
    },
  };
}
