import type { Pooling } from '../../models/pool-states.js';
import {
  classificationSchema,
  crossEncoderSchema,
  embeddingSchema,
} from '../encoder-job-schema.js';
import type { EncoderTask } from '../encoder-task.js';
import type { TrainingJob } from '../job-schema.js';
import type { EncoderObjective } from './encoder-objectives.js';

/** What a job of an encoder makes small. */
export function encoderObjective(
  task: EncoderTask,
  job: TrainingJob,
  pooling: Pooling,
): EncoderObjective {
  switch (task) {
    case 'embedding': {
      const { dimensions, ...section } = job.embedding ?? embeddingSchema.parse({});
      return section.loss === 'triplet'
        ? {
            kind: 'triplet',
            pooling,
            dimensions,
            distance: section.distance,
            margin: section.margin,
          }
        : {
            kind: 'contrastive',
            pooling,
            dimensions,
            temperature: section.temperature,
            isSymmetric: section.symmetric,
          };
    }
    case 'cross-encoder':
      return { kind: PAIR_LOSSES[(job.cross_encoder ?? crossEncoderSchema.parse({})).loss] };
    case 'classification': {
      const { multi_label: isMulti } = job.classification ?? classificationSchema.parse({});
      return { kind: isMulti ? 'binary' : 'categorical' };
    }
  }
}

const PAIR_LOSSES = {
  binary: 'binary',
  listwise: 'listwise',
  'margin-mse': 'marginError',
} as const;
