import { statfs } from 'node:fs/promises';
import { TrainingResourcesError } from '../../errors.js';
import type { TrainingJob } from '../job-schema.js';
import type { TextGroup } from './batch.js';
import { batchShape } from './encoder-batch.js';
import type { Stepper } from './create-stepper.js';

const BYTES_PER_VALUE = 4;
/** Two checkpoints are kept while a third is written. */
const CHECKPOINTS = 3;

/**
 * Estimates what a run needs before it begins, and returns the bytes of memory.
 *
 * @throws {TrainingResourcesError} `ERR_TRAINING_RESOURCES`: there is less memory, or less disk for checkpoints and result.
 */
export async function checkResources(options: {
  readonly job: TrainingJob;
  readonly stepper: Stepper;
  /** Tokens of the longest row. */
  readonly longest: number;
  /** Encoders: the groups of the largest batch. */
  readonly largest?: readonly TextGroup[] | undefined;
  /** Bytes of a checkpoint. */
  readonly keptBytes: number;
  /** Values of the result. */
  readonly resultValues: number;
  readonly availableMemory: number;
}): Promise<number> {
  const { job, keptBytes, resultValues } = options;
  const isPaired = job.task === 'dpo' || job.task === 'orpo';
  const length = Math.ceil(options.longest / job.pad_to_multiple_of) * job.pad_to_multiple_of;
  const { largest } = options;
  const needed = options.stepper.estimate({
    rows: job.batch_size * (isPaired ? 2 : 1),
    length: Math.min(length, job.max_length),
    ...(largest === undefined ? {} : { ...batchShape(largest), groups: largest }),
    isPacked: job.packing,
    isWhole: job.gradient_accumulation === 1,
  });
  if (needed > options.availableMemory)
    throw new TrainingResourcesError({
      resource: 'memory',
      neededBytes: needed,
      availableBytes: options.availableMemory,
      advice: 'Lower batch_size or max_length, train an adapter (lora), or free memory.',
    });
  const checkpoints = job.checkpoint_steps > 0 ? CHECKPOINTS * keptBytes : 0;
  const best = job.load_best_model_at_end ? 2 * resultValues : 0;
  const disk = checkpoints + (best + resultValues) * BYTES_PER_VALUE;
  const { bavail, bsize } = await statfs(job.output_dir);
  if (disk > bavail * bsize)
    throw new TrainingResourcesError({
      resource: 'disk',
      neededBytes: disk,
      availableBytes: bavail * bsize,
      advice: 'Free space, or name another output_dir.',
    });
  return needed;
}
