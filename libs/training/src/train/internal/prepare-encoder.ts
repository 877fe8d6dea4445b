import type { TensorBackend } from '@espalier/core';
import { createSeededRandom } from '@espalier/core';
import { ModelConfigError, TrainingDataError } from '../../errors.js';
import type { AdapterConfig } from '../../lora/adapter-config.js';
import { CLASSIFIER, POOLER } from '../../models/encoder.js';
import { loadModel, type LoadedModel } from '../../models/load-model.js';
import type { BertConfig, ClassifierHead } from '../../models/model-config.js';
import type { Pooling } from '../../models/pool-states.js';
import { normal } from '../../models/random-weights.js';
import { readModelConfig } from '../../models/read-model-config.js';
import { readSentenceSettings } from '../../models/sentence-transformer-files.js';
import type { EncoderTask } from '../encoder-task.js';
import { trainingJobSchema, type TrainingJob } from '../job-schema.js';
import { readLabelNames } from '../read-encoder-rows.js';
import { mixSeed } from '../row-stream.js';
import { loadingOf } from './adapter-of-job.js';

/** What the task decides about an encoder, beside its weights. */
export interface EncoderSettings {
  readonly task: EncoderTask;
  readonly pooling: Pooling;
  /** Tokens of a text that count. */
  readonly maxLength: number;
  /** Names of the labels of a classifier; one for a cross-encoder; none for an embedder. */
  readonly labels: readonly string[];
}

/** BERT's own deviation of new weights. */
const DEVIATION = 0.02;
const HEAD_SEED = 0x68656164;
const PAIR_LABEL = 'LABEL_0';
/** The linear layers inside the encoder: those of pooler and classifier are trained whole. */
const ENCODER_LINEAR =
  '(?:.*\\.)?encoder\\.layer\\.\\d+\\.(?:attention\\.self\\.(?:query|key|value)|(?:attention\\.output|intermediate|output)\\.dense)';

/**
 * Loads the encoder of a job, with the head that its task needs.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: no encoder, or one with a head of another size.
 */
export async function prepareEncoder(options: {
  readonly job: TrainingJob;
  readonly folder: string;
  readonly task: EncoderTask;
  readonly backend: TensorBackend;
  readonly abortSignal?: AbortSignal;
}): Promise<{ model: LoadedModel; encoder: EncoderSettings }> {
  const { job, folder, task, abortSignal } = options;
  const signal = abortSignal && { abortSignal };
  const { config, text } = await readModelConfig(folder);
  if (config.family !== 'bert')
    throw new ModelConfigError({
      file: folder,
      field: 'model_type',
      found: config.family,
      expected: `an encoder (bert) for the task ${task}`,
    });
  const labels = await labelsOf({ job, task, config, text, ...signal });
  const sentence = await readSentenceSettings(folder);
  const isDefault = job.max_length === trainingJobSchema.shape.max_length.parse(undefined);
  const wanted = isDefault ? (sentence.maxLength ?? config.maxPositions) : job.max_length;
  const found = config.head?.labels;
  if (task !== 'embedding' && found !== undefined && found !== labels.length)
    throw new ModelConfigError({
      file: folder,
      field: 'num_labels',
      found,
      expected: `${labels.length}, as the task ${task} has labels: ${labels.slice(0, 10).join(', ')}`,
    });
  const head: ClassifierHead | undefined =
    task === 'embedding' ? undefined : { labels: labels.length };
  const model = await loadModel({
    folder,
    backend: options.backend,
    ...(head && { head }),
    ...loadingOf(job, [CLASSIFIER, POOLER]),
    ...(job.lora !== undefined && 'init_from' in job.lora
      ? { adapterFolder: job.lora.init_from }
      : {}),
    ...signal,
  });
  await initialiseHead(model, job.seed);
  return {
    model,
    encoder: {
      task,
      pooling: job.embedding?.pooling ?? sentence.pooling ?? 'mean',
      maxLength: Math.min(wanted, config.maxPositions),
      labels,
    },
  };
}

/** An adapter for an encoder: new parts of the head are trained whole, all-linear means the encoder's own layers. */
export function encoderAdapter(
  adapter: AdapterConfig,
  { missing, config }: LoadedModel,
): AdapterConfig {
  const hasHead = config.family === 'bert' && config.head !== undefined;
  const fresh = missing
    .filter((name) => name.endsWith('.weight'))
    .map((name) => name.replace(/^bert\./u, '').replace(/\.weight$/u, ''));
  return {
    ...adapter,
    targetModules: adapter.targetModules === 'all-linear' ? ENCODER_LINEAR : adapter.targetModules,
    modulesToSave: [
      ...new Set([...adapter.modulesToSave, ...(hasHead ? [CLASSIFIER, ...fresh] : [])]),
    ],
  };
}

async function labelsOf(options: {
  readonly job: TrainingJob;
  readonly task: EncoderTask;
  readonly config: BertConfig;
  readonly text: string;
  readonly abortSignal?: AbortSignal;
}): Promise<readonly string[]> {
  const { job, config } = options;
  if (options.task === 'embedding') return [];
  if (options.task === 'cross-encoder') return [PAIR_LABEL];
  const given = job.classification?.labels;
  if (given !== undefined) {
    const twice = given.find((name, i) => given.indexOf(name) !== i);
    if (twice === undefined) return given;
    throw new TrainingDataError({
      file: job.train_data,
      problem: `classification.labels names ${twice} twice`,
    });
  }
  if (config.head !== undefined) {
    const { id2label = {} } = JSON.parse(options.text) as { id2label?: Record<string, string> };
    return Array.from({ length: config.head.labels }, (_, i) => id2label[i] ?? `LABEL_${i}`);
  }
  const isMulti = job.classification?.multi_label ?? false;
  const { abortSignal } = options;
  const names = await readLabelNames({
    file: job.train_data,
    isMulti,
    ...(abortSignal && { abortSignal }),
  });
  if (names.length >= (isMulti ? 1 : 2)) return names;
  throw new TrainingDataError({
    file: job.train_data,
    problem: `its rows have ${names.length === 0 ? 'no label' : `only the label ${names.join()}`}, so that there is nothing to tell apart`,
  });
}

/** Begins what the files do not have: matrices normal with BERT's deviation, biases 0. */
async function initialiseHead(model: LoadedModel, seed: number): Promise<void> {
  const random = createSeededRandom(mixSeed(seed, HEAD_SEED));
  for (const name of model.missing) {
    const shape = model.shapes.get(name) ?? [];
    const count = shape.reduce((product, size) => product * size, 1);
    if (shape.length < 2) continue;
    const data = Float32Array.from({ length: count }, () => DEVIATION * normal(random));
    await model.state.write(name, { dtype: 'float32', shape, data });
  }
}
