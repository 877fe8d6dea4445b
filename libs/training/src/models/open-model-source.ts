import type { TensorData } from '@espalier/core';
import { ModelTensorError } from '../errors.js';
import { openModelWeights, type ModelWeights } from '../files/open-model-weights.js';
import type { StoredTensor } from '../files/safetensors-header.js';
import {
  isClassifierAdapter,
  isSavedModule,
  readAdapterConfig,
  type AdapterConfig,
} from '../lora/adapter-config.js';
import { readAdapterWeights } from '../lora/adapter-weights.js';
import { withLora } from '../lora/lora-scope.js';
import { sameShape } from '../tensor/trace.js';
import { CLASSIFIER, POOLER } from './encoder.js';
import type { ClassifierHead, ModelConfig } from './model-config.js';
import { linearWeights, parameterShapes } from './parameter-shapes.js';
import { readModelConfig } from './read-model-config.js';
import { roundValues, type QuantisedStorage } from './weight-storage.js';

/** Prefixes under which the same module is stored, depending on the class that wrote the file. */
const PREFIXES = ['transformer.', 'model.', 'bert.'];

const HALF_TYPES: Partial<Record<StoredTensor['dtype'], 'float16' | 'bfloat16'>> = {
  F16: 'float16',
  BF16: 'bfloat16',
};

/** Where a weight of a model stands in its files. */
export interface StoredWeight extends StoredTensor {
  /** Its name there. */
  readonly name: string;
  readonly file: string;
}

/** A model folder, and an adapter on top of it, read weight by weight. */
export interface ModelSource {
  readonly folder: string;
  readonly config: ModelConfig;
  /** `config.json` as it stands, to be written again with changed weights. */
  readonly configText: string;
  readonly adapter: AdapterConfig | undefined;
  /** Shapes of the base model's weights. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Names of all weights: the base model's, then the adapter's own. */
  readonly names: readonly string[];
  /** The base model's files. */
  readonly weights: ModelWeights;
  /** Weights of a head that the files do not have yet. */
  readonly missing: readonly string[];
  /** Where each of the base model's weights stands. */
  readonly stored: ReadonlyMap<string, StoredWeight>;
  /** Whether a weight is read as its few bits stand for it. */
  isRounded(name: string): boolean;
  /** Whether the adapter brings a weight: one of its own, or the one of a module that it saves. */
  isAdapted(name: string): boolean;
  /** A weight widened to float32; the adapter's where it has one of this name. */
  read(name: string): Promise<TensorData>;
  /** A weight as {@link ModelSource.read} gives it, but 16-bit numbers of the base model's files as their bits. */
  readStored(name: string): Promise<TensorData>;
  close(): Promise<void>;
}

/**
 * Opens a Hugging Face model folder, and a PEFT adapter on top of it; every weight is checked against the configuration,
 * and none of the base model's is read before it is asked for.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: a file is missing or damaged.
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: a kind of model that is not supported.
 * @throws {ModelTensorError} `ERR_TRAINING_MODEL_TENSOR`: a weight is missing or of another shape.
 */
export async function openModelSource(options: {
  readonly folder: string;
  readonly adapterFolder?: string;
  /** Put on an encoder that has none; weights that the files lack are `missing` then. */
  readonly head?: ClassifierHead;
  /** Gives the weights of linear layers as a base quantised so has them. */
  readonly rounding?: QuantisedStorage;
}): Promise<ModelSource> {
  const { folder, adapterFolder, head, rounding } = options;
  const { config, text } = await readConfig(folder, adapterFolder, head);
  const shapes = parameterShapes(config);
  const weights = await openModelWeights(folder);
  try {
    const isHead = headNames(config);
    const stored = new Map(
      [...shapes].flatMap(([name, shape]) => {
        const at = find(weights, name, shape);
        if (at !== undefined) return [[name, at] as const];
        if (isHead(name) && (head !== undefined || adapterFolder !== undefined)) return [];
        throw new ModelTensorError({ file: weights.file, tensor: name, problem: 'it is missing' });
      }),
    );
    const adapter =
      adapterFolder === undefined ? undefined : await readAdapterConfig(adapterFolder);
    const adapted =
      adapter === undefined || adapterFolder === undefined
        ? new Map<string, TensorData>()
        : await readAdapter({ adapter, adapterFolder, config, shapes });
    const missing = [...shapes.keys()].filter((name) => !stored.has(name) && !adapted.has(name));
    const [lost] = missing;
    if (lost !== undefined && head === undefined)
      throw new ModelTensorError({ file: weights.file, tensor: lost, problem: 'it is missing' });
    const linear = rounding && linearWeights(config);
    const isRounded = (name: string): boolean => linear?.has(name) === true && !adapted.has(name);
    const read = async (name: string): Promise<TensorData> => {
      const found = adapted.get(name);
      if (found !== undefined) return found;
      const shape = shapes.get(name);
      if (shape !== undefined && !stored.has(name))
        return { dtype: 'float32', shape, data: new Float32Array(valueCount(shape)) };
      const exact = await weights.readFloats(stored.get(name)?.name ?? name);
      const data = isRounded(name) && rounding !== undefined ? roundValues(exact, rounding) : exact;
      return { dtype: 'float32', shape: shape ?? [data.length], data };
    };
    return {
      folder,
      config,
      configText: text,
      adapter,
      shapes,
      names: [...new Set([...shapes.keys(), ...adapted.keys()])],
      weights,
      missing,
      stored,
      isRounded,
      isAdapted: (name) => adapted.has(name),
      read,
      async readStored(name) {
        const place = stored.get(name);
        const dtype = place && HALF_TYPES[place.dtype];
        if (place === undefined || dtype === undefined || adapted.has(name) || isRounded(name))
          return read(name);
        const { buffer } = await weights.readBytes(place.name);
        return { dtype, shape: place.shape, data: new Uint16Array(buffer) };
      },
      close: () => weights.close(),
    };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

function valueCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The configuration of the model; of one whose adapter brings a classifier, that beside the adapter. */
async function readConfig(
  folder: string,
  adapterFolder: string | undefined,
  head: ClassifierHead | undefined,
): Promise<{ config: ModelConfig; text: string }> {
  const base = await readModelConfig(folder);
  if (base.config.family !== 'bert' || base.config.head !== undefined) return base;
  if (head !== undefined) return { ...base, config: { ...base.config, head } };
  if (adapterFolder === undefined || !(await isClassifierAdapter(adapterFolder))) return base;
  const adapted = await readModelConfig(adapterFolder);
  const found = adapted.config.family === 'bert' ? adapted.config.head : undefined;
  return { config: { ...base.config, head: found }, text: adapted.text };
}

/** Whether a weight belongs to the head, not to the encoder. */
function headNames(config: ModelConfig): (name: string) => boolean {
  if (config.family !== 'bert' || config.head === undefined) return () => false;
  const modules = [POOLER, CLASSIFIER];
  return (name) => modules.some((module) => name.startsWith(`${module}.`));
}

/** Where a weight is stored, once its shape is what the model needs; undefined where it is not. */
function find(
  weights: ModelWeights,
  name: string,
  shape: readonly number[],
): StoredWeight | undefined {
  const candidates = [
    name,
    ...PREFIXES.flatMap((prefix) =>
      name.startsWith(prefix) ? [name.slice(prefix.length)] : [`${prefix}${name}`],
    ),
  ];
  const found = candidates.find((candidate) => weights.tensors.has(candidate));
  const stored = weights.tensors.get(found ?? '');
  if (found === undefined || stored === undefined) return undefined;
  if (!sameShape(stored.shape, shape))
    throw new ModelTensorError({
      file: stored.file,
      tensor: found,
      problem: `its shape is [${stored.shape.join(', ')}], but config.json asks for [${shape.join(', ')}]`,
    });
  return { ...stored, name: found };
}

async function readAdapter(options: {
  adapter: AdapterConfig;
  adapterFolder: string;
  config: ModelConfig;
  shapes: ReadonlyMap<string, readonly number[]>;
}): Promise<Map<string, TensorData>> {
  const { adapter, shapes } = options;
  const { file, tensors } = await readAdapterWeights(options.adapterFolder);
  const adapted = parameterShapes(options.config, (scope) => withLora(scope, adapter));
  const values = new Map<string, TensorData>();
  for (const [name, shape] of adapted) {
    const isOwn = !shapes.has(name);
    const isSaved = isSavedModule(adapter, name.replace(/\.(?:weight|bias)$/u, ''));
    if (!isOwn && !isSaved) continue;
    const found = tensors.get(name);
    if (found === undefined)
      throw new ModelTensorError({ file, tensor: name, problem: 'it is missing' });
    if (!sameShape(found.shape, shape))
      throw new ModelTensorError({
        file,
        tensor: name,
        problem: `its shape is [${found.shape.join(', ')}], but the base model asks for [${shape.join(', ')}]`,
      });
    values.set(name, { dtype: 'float32', shape, data: found.values });
  }
  const unused = [...tensors.keys()].find((name) => !values.has(name));
  if (unused !== undefined)
    throw new ModelTensorError({
      file,
      tensor: unused,
      problem: 'it belongs to no module that the configuration adapts',
    });
  return values;
}
