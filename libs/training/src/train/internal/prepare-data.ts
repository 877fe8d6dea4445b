import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTokenizer } from '@espalier/encoders';
import { TrainingDataError } from '../../errors.js';
import { randomWindows, splitText } from '../character-data.js';
import type { TrainingJob } from '../job-schema.js';
import { packRows } from '../pack-rows.js';
import { readPairs, readRows, type RowTokenizer } from '../read-rows.js';
import { createRowStream, mixSeed } from '../row-stream.js';
import type { TokenRow } from '../token-rows.js';
import { makeBatch, scoredCount, type Batch } from './batch.js';
import type { StepBatch, Stepper } from './create-stepper.js';

/** Seeds the places of evaluation windows: the same whatever the job's seed is. */
const EVALUATION_SEED = 1337;

/** Data of a job, by step. */
export interface PreparedData {
  /** The batches of a step, counted from 0, and 1 / what its loss is a mean over. */
  stepBatches(step: number): { batches: StepBatch[]; share: number };
  evaluationBatches(): Iterable<Batch>;
}

/** Reads and checks all data of a job. */
export async function prepareData(options: {
  readonly job: TrainingJob;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  /** The ids of the text, for windows. */
  readonly text?: Int32Array;
  readonly modelFolder?: string;
  readonly stepper: Stepper;
  readonly abortSignal?: AbortSignal;
}): Promise<PreparedData> {
  const { job, modelFolder } = options;
  const maxLength = Math.min(job.max_length, options.maxPositions);
  let tokenizer: Promise<RowTokenizer> | undefined;
  const reading = {
    vocabularySize: options.vocabularySize,
    maxLength,
    lossOn: job.loss_on,
    tokenizer: () => (tokenizer ??= openTokenizer(modelFolder, job.train_data)),
    ...(options.abortSignal && { abortSignal: options.abortSignal }),
  };
  if (job.task === 'pretrain') {
    const ids = options.text ?? (await encodeText(job.train_data, await reading.tokenizer()));
    return windowData(job, ids, maxLength);
  }
  const evaluation =
    job.eval_data === undefined || job.task === 'dpo'
      ? []
      : await readRows({ ...reading, file: job.eval_data });
  const evaluationBatches = (): Batch[] => chunk(evaluation, job.batch_size, maxLength);
  if (job.task === 'dpo') {
    const pairs = await readPairs({ ...reading, file: job.train_data });
    return pairData({ job, pairs, maxLength, stepper: options.stepper });
  }
  const rows = await readRows({ ...reading, file: job.train_data });
  const units = job.packing ? packRows(rows, maxLength) : rows;
  const indexOf = createRowStream({
    count: units.length,
    seed: job.seed,
    isShuffled: job.shuffle,
  });
  return {
    evaluationBatches,
    stepBatches(step) {
      const wanted = stepIndices(job, step).map((indices) =>
        indices.flatMap((k) => units[indexOf(k)] ?? []),
      );
      const scored = wanted.flat().reduce((total, row) => total + scoredCount(row), 0);
      return {
        batches: wanted.map((members) => ({ batch: makeBatch(members, maxLength) })),
        share: 1 / scored,
      };
    },
  };
}

/** Places in the stream of rows of each batch of a step. */
function stepIndices(job: TrainingJob, step: number): number[][] {
  const { batch_size: size, gradient_accumulation: parts } = job;
  return Array.from({ length: parts }, (_, part) =>
    Array.from({ length: size }, (__, i) => (step * parts + part) * size + i),
  );
}

function chunk(rows: readonly TokenRow[], size: number, maxLength: number): Batch[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    makeBatch(rows.slice(i * size, (i + 1) * size), maxLength),
  );
}

function windowData(job: TrainingJob, ids: Int32Array, length: number): PreparedData {
  const text = splitText({
    file: job.train_data,
    ids,
    validationSplit: job.validation_split,
    length,
  });
  const windows = (from: Int32Array, seed: number, counter: number): Batch => {
    const members = randomWindows({ ids: from, length, count: job.batch_size, seed, counter });
    // The last token of a window is only a target.
    return { ...makeWindowBatch(members, length) };
  };
  return {
    stepBatches(step) {
      const parts = job.gradient_accumulation;
      const batches = Array.from({ length: parts }, (_, part) => ({
        batch: windows(text.train, job.seed, step * parts + part),
      }));
      return { batches, share: 1 / (parts * job.batch_size * length) };
    },
    *evaluationBatches() {
      if (text.validation.length === 0) return;
      for (let i = 0; i < job.eval_batches; i++)
        yield windows(text.validation, mixSeed(EVALUATION_SEED, 0), i);
    },
  };
}

function makeWindowBatch(members: readonly TokenRow[], length: number): Batch {
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
    feeds: {
      ids: { dtype: 'int32', shape, data: ids },
      targets: { dtype: 'int32', shape, data: targets },
      weights: { dtype: 'float32', shape, data: new Float32Array(count).fill(1) },
    },
  };
}

/** Scores each pair that the run will meet under the initial weights, once. */
async function pairData(options: {
  readonly job: TrainingJob;
  readonly pairs: readonly { readonly chosen: TokenRow; readonly rejected: TokenRow }[];
  readonly maxLength: number;
  readonly stepper: Stepper;
}): Promise<PreparedData> {
  const { job, pairs, maxLength, stepper } = options;
  const indexOf = createRowStream({ count: pairs.length, seed: job.seed, isShuffled: job.shuffle });
  const met = job.max_steps * job.gradient_accumulation * job.batch_size;
  const reference = new Map<number, { chosen: number; rejected: number }>();
  for (let k = 0; k < met && reference.size < pairs.length; k++) {
    const index = indexOf(k);
    const pair = pairs[index];
    if (pair === undefined || reference.has(index)) continue;
    const [chosen = 0, rejected = 0] = await stepper.scoreRows(
      makeBatch([pair.chosen, pair.rejected], maxLength),
    );
    reference.set(index, { chosen, rejected });
  }
  return {
    evaluationBatches: () => [],
    stepBatches(step) {
      const batches = stepIndices(job, step).map((places) => {
        const indices = places.map(indexOf);
        const members = indices.flatMap((index) => pairs[index] ?? []);
        const scores = indices.flatMap((index) => reference.get(index) ?? []);
        return {
          batch: makeBatch(
            [...members.map(({ chosen }) => chosen), ...members.map(({ rejected }) => rejected)],
            maxLength,
          ),
          reference: Float32Array.from([
            ...scores.map(({ chosen }) => chosen),
            ...scores.map(({ rejected }) => rejected),
          ]),
        };
      });
      return { batches, share: 1 / (job.batch_size * job.gradient_accumulation) };
    },
  };
}

async function encodeText(file: string, tokenizer: RowTokenizer): Promise<Int32Array> {
  try {
    const text = await readFile(file, 'utf8');
    return Int32Array.from(tokenizer.encode(text, { addsSpecialTokens: false }));
  } catch (cause) {
    throw new TrainingDataError({ file, problem: 'it is missing or unreadable', cause });
  }
}

async function openTokenizer(folder: string | undefined, data: string): Promise<RowTokenizer> {
  if (folder === undefined)
    throw new TrainingDataError({
      file: data,
      problem: 'it holds text, but the job begins a model without a tokenizer',
    });
  const tokenizer = await loadTokenizer({ folder });
  return {
    encode: (text, { addsSpecialTokens }) => [
      ...tokenizer.encodeInputs({ text, addsSpecialTokens }).ids,
    ],
    endId: await endId(folder, (token) => tokenizer.idOf(token)),
  };
}

/** The id of the token that ends a text: `eos_token` of the tokenizer, else `eos_token_id` of the model. */
async function endId(
  folder: string,
  idOf: (token: string) => number | undefined,
): Promise<number | undefined> {
  const read = async (name: string): Promise<Record<string, unknown>> => {
    try {
      return JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown>;
    } catch {
      return {};
    }
  };
  const token = (await read('tokenizer_config.json')).eos_token as
    string | { content?: string } | undefined | null;
  const text = typeof token === 'string' ? token : token?.content;
  const byName = text === undefined ? undefined : idOf(text);
  if (byName !== undefined) return byName;
  const ids = [(await read('config.json')).eos_token_id].flat();
  return typeof ids[0] === 'number' ? ids[0] : undefined;
}
