import type { TrainingJob } from '../job-schema.js';
import type { StepBatch } from './create-stepper.js';
import type { EvaluationBatch, TaskData } from './prepare-data.js';
import { createStepIndices } from './step-indices.js';

/**
 * The batches of rows whose loss is a mean over units: rows, or what `unitsOf` counts in a batch.
 */
export function encoderSteps<Row>(options: {
  readonly job: TrainingJob;
  readonly rows: readonly Row[];
  readonly evaluation: readonly Row[];
  readonly lengthOf: (row: Row) => number;
  readonly unitsOf: (rows: readonly Row[]) => number;
  readonly build: (rows: readonly Row[]) => StepBatch;
}): Pick<TaskData, 'stepBatches' | 'evaluationBatches' | 'longest'> {
  const { job, rows, evaluation, lengthOf, unitsOf, build } = options;
  const lengths = rows.map(lengthOf);
  const indicesOf = createStepIndices(job, lengths);
  return {
    longest: Math.max(...lengths, ...evaluation.map(lengthOf)),
    stepBatches(step) {
      const members = indicesOf(step).map((indices) =>
        indices.flatMap((index) => rows[index] ?? []),
      );
      return { batches: members.map(build), share: 1 / unitsOf(members.flat()) };
    },
    *evaluationBatches(): Iterable<EvaluationBatch> {
      for (let at = 0; at < evaluation.length; at += job.batch_size) {
        const members = evaluation.slice(at, at + job.batch_size);
        yield { ...build(members), units: unitsOf(members) };
      }
    },
  };
}
