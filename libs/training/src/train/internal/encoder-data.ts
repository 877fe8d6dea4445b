import { loadTokenizer, type Tokenizer } from '@espalier/encoders';
import {
  classificationSchema,
  crossEncoderSchema,
  embeddingSchema,
} from '../encoder-job-schema.js';
import type { EncoderTask } from '../encoder-task.js';
import type { TrainingJob } from '../job-schema.js';
import { classificationData } from './classification-data.js';
import type { Stepper } from './create-stepper.js';
import { judgedData, rankedData } from './cross-encoder-data.js';
import { embeddingData } from './embedding-data.js';
import type { TaskData } from './prepare-data.js';

/** What the data of an encoder is prepared with. */
export interface EncoderDataOptions {
  readonly job: TrainingJob;
  readonly vocabularySize: number;
  /** Longer texts are cut. */
  readonly maxLength: number;
  readonly stepper: Stepper;
  readonly abortSignal?: AbortSignal;
  /** Reads the rows to train on, and those to evaluate on. */
  readonly read: <Row>(
    reader: (file: string, tokenizer: Tokenizer) => Promise<Row[]>,
  ) => Promise<{ rows: Row[]; evaluation: Row[] }>;
}

/** Reads the rows of a task that trains an encoder. */
export async function encoderData(
  options: Omit<EncoderDataOptions, 'read'> & {
    readonly task: EncoderTask;
    readonly modelFolder: string;
    /** Names of the labels of a classifier. */
    readonly labels: readonly string[];
  },
): Promise<TaskData> {
  const { job } = options;
  const tokenizer = await loadTokenizer({ folder: options.modelFolder });
  const full: EncoderDataOptions = {
    ...options,
    read: async (reader) => ({
      rows: await reader(job.train_data, tokenizer),
      evaluation: job.eval_data === undefined ? [] : await reader(job.eval_data, tokenizer),
    }),
  };
  switch (options.task) {
    case 'embedding':
      return embeddingData({ ...full, embedding: job.embedding ?? embeddingSchema.parse({}) });
    case 'cross-encoder': {
      const section = job.cross_encoder ?? crossEncoderSchema.parse({});
      return section.loss === 'binary'
        ? judgedData({ ...full, positiveWeight: section.pos_weight })
        : rankedData({ ...full, isTaught: section.loss === 'margin-mse' });
    }
    case 'classification':
      return classificationData({
        ...full,
        labels: options.labels,
        classification: job.classification ?? classificationSchema.parse({}),
      });
  }
}
