import { randomWindows, splitText } from '../character-data.js';
import type { TrainingJob } from '../job-schema.js';
import { mixSeed } from '../row-stream.js';
import type { TokenRow } from '../token-rows.js';
import type { Batch } from './batch.js';
import type { TaskData } from './prepare-data.js';

/** Seeds the places of evaluation windows: the same whatever the job's seed is. */
const EVALUATION_SEED = 1337;

/** Windows of one text at random places; those of its end are for evaluation. */
export function windowData(job: TrainingJob, ids: Int32Array, length: number): TaskData {
  const text = splitText({
    file: job.train_data,
    ids,
    validationSplit: job.validation_split,
    length,
  });
  const windows = (from: Int32Array, seed: number, counter: number): Batch =>
    windowBatch(randomWindows({ ids: from, length, count: job.batch_size, seed, counter }), length);
  return {
    longest: length,
    stepBatches(step) {
      const parts = job.gradient_accumulation;
      const batches = Array.from({ length: parts }, (_, part) => ({
        batch: windows(text.train, job.seed, step * parts + part),
      }));
      return { batches, share: 1 / (parts * job.batch_size * length) };
    },
    *evaluationBatches() {
      if (text.validation.length === 0) return;
      for (let i = 0; i < job.eval_batches; i++) {
        const batch = windows(text.validation, mixSeed(EVALUATION_SEED, 0), i);
        yield { batch, units: batch.scored };
      }
    },
  };
}

/** The last token of a window is only a target. */
function windowBatch(members: readonly TokenRow[], length: number): Batch {
  const count = members.length * length;
  const [ids, targets] = [new Int32Array(count), new Int32Array(count)];
  for (const [n, row] of members.entries()) {
    ids.set(row.ids.subarray(0, length), n * length);
    targets.set(row.ids.subarray(1, length + 1), n * length);
  }
  const shape = [members.length, length];
  return {
    rows: members.length,
    length,
    isPacked: false,
    scored: count,
    tokens: count,
    feeds: {
      ids: { dtype: 'int32', shape, data: ids },
      targets: { dtype: 'int32', shape, data: targets },
      weights: { dtype: 'float32', shape, data: new Float32Array(count).fill(1) },
    },
  };
}
