import { readFile } from 'node:fs/promises';
import { TrainingDataError } from '../../errors.js';
import type { TrainingJob } from '../job-schema.js';
import type { ReadRowsOptions } from '../read-lines.js';
import { readPairs, readRated } from '../read-preferences.js';
import { readRows } from '../read-rows.js';
import type { RowTokenizer } from '../row-tokenizer.js';
import type { StepBatch, Stepper } from './create-stepper.js';
import type { TextGroup } from './batch.js';
import type { EncoderMetrics } from './encoder-metrics.js';
import { encoderData } from './encoder-data.js';
import type { EncoderSettings } from './prepare-encoder.js';
import { openRowTokenizer } from './open-row-tokenizer.js';
import { oddsData, pairData, ratedData } from './preference-data.js';
import { supervisedData } from './supervised-data.js';
import { windowData } from './window-data.js';

/** A batch whose loss is a sum over `units`. */
export interface EvaluationBatch extends StepBatch {
  readonly units: number;
}

/** Data of a job, by step. */
export interface PreparedData {
  /** The batches of a step, counted from 0, and 1 / what its loss is a mean over. */
  stepBatches(step: number): { batches: StepBatch[]; share: number };
  evaluationBatches(): Iterable<EvaluationBatch>;
  /** Tokens of the longest row. */
  readonly longest: number;
  /** Encoders: the groups of the largest batch there may be. */
  readonly largest?: readonly TextGroup[];
  /** Encoders: texts that were longer than the model takes. */
  readonly cutTexts?: number;
  /** Encoders: how well the present weights do on all rows kept for evaluation. */
  readonly measure?: () => Promise<EncoderMetrics | undefined>;
  /** Whether batches are pairs, the chosen rows first. */
  readonly isPaired: boolean;
  /** The model's tokenizer, opened when first asked for. */
  readonly tokenizer: () => Promise<RowTokenizer>;
}

/** What the kind of task decides. */
export type TaskData = Omit<PreparedData, 'tokenizer' | 'isPaired'>;

/** What data is prepared with. */
interface PrepareDataOptions {
  readonly job: TrainingJob;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  /** The ids of the text, for windows. */
  readonly text?: Int32Array;
  readonly modelFolder?: string;
  readonly encoder?: EncoderSettings;
  readonly stepper: Stepper;
  readonly abortSignal?: AbortSignal;
}

/** Reads and checks all data of a job. */
export async function prepareData(options: PrepareDataOptions): Promise<PreparedData> {
  const { job } = options;
  let opened: Promise<RowTokenizer> | undefined;
  const tokenizer = (): Promise<RowTokenizer> =>
    (opened ??= openRowTokenizer(options.modelFolder, job.train_data));
  return {
    ...(await dataOfTask(options, tokenizer)),
    isPaired: job.task === 'dpo' || job.task === 'orpo',
    tokenizer,
  };
}

async function dataOfTask(
  options: PrepareDataOptions,
  tokenizer: () => Promise<RowTokenizer>,
): Promise<TaskData> {
  const { job, stepper, encoder, modelFolder } = options;
  if (encoder !== undefined && modelFolder !== undefined)
    return encoderData({ ...options, ...encoder, modelFolder });
  const maxLength = Math.min(job.max_length, options.maxPositions);
  const reading = {
    vocabularySize: options.vocabularySize,
    maxLength,
    lossOn: job.loss_on,
    tokenizer,
    ...(options.abortSignal && { abortSignal: options.abortSignal }),
  };
  const read = async <Row>(
    reader: (from: ReadRowsOptions) => Promise<Row[]>,
  ): Promise<{ rows: Row[]; evaluation: Row[] }> => ({
    rows: await reader({ ...reading, file: job.train_data }),
    evaluation:
      job.eval_data === undefined ? [] : await reader({ ...reading, file: job.eval_data }),
  });
  switch (job.task) {
    case 'pretrain': {
      const ids = options.text ?? (await encodeText(job.train_data, await tokenizer()));
      const wrong = ids.find((id) => id >= options.vocabularySize);
      if (wrong !== undefined)
        throw new TrainingDataError({
          file: job.train_data,
          problem: `its tokenizer gives token ${wrong}, outside the vocabulary of ${options.vocabularySize}. Use the tokenizer that belongs to the model`,
        });
      return windowData(job, ids, maxLength);
    }
    case 'sft':
      return supervisedData({ job, maxLength, ...(await read(readRows)) });
    case 'dpo':
      return pairData({ job, maxLength, stepper, ...(await read(readPairs)) });
    case 'orpo':
      return oddsData({ job, maxLength, stepper, ...(await read(readPairs)) });
    case 'kto':
      return ratedData({ job, maxLength, stepper, ...(await read(readRated)) });
    default:
      throw new TrainingDataError({
        file: job.train_data,
        problem: `the task ${job.task} needs an encoder's folder as model`,
      });
  }
}

async function encodeText(file: string, tokenizer: RowTokenizer): Promise<Int32Array> {
  try {
    const text = await readFile(file, 'utf8');
    return Int32Array.from(tokenizer.encode(text, { addsSpecialTokens: false }));
  } catch (cause) {
    throw new TrainingDataError({ file, problem: 'it is missing or unreadable', cause });
  }
}
