import type { TensorData } from '@espalier/core';
import { ModelTensorError } from '../errors.js';
import { openModelWeights, type ModelWeights } from '../files/open-model-weights.js';
import type { StoredTensor } from '../files/safetensors-header.js';
import { isSavedModule, readAdapterConfig, type AdapterConfig } from '../lora/adapter-config.js';
import { readAdapterWeights } from '../lora/adapter-weights.js';
import { withLora } from '../lora/lora-scope.js';
import { sameShape } from '../tensor/trace.js';
import type { ModelConfig } from './model-config.js';
import { parameterShapes } from './parameter-shapes.js';
import { readModelConfig } from './read-model-config.js';

/** Prefixes under which the same module is stored, depending on the class that wrote the file. */
const PREFIXES = ['transformer.', 'model.', 'bert.'];

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
  /** Where each of the base model's weights stands. */
  readonly stored: ReadonlyMap<string, StoredWeight>;
  /** Whether the adapter brings a weight: one of its own, or the one of a module that it saves. */
  isAdapted(name: string): boolean;
  /** A weight widened to float32; the adapter's where it has one of this name. */
  read(name: string): Promise<TensorData>;
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
}): Promise<ModelSource> {
  const { folder, adapterFolder } = options;
  const { config, text } = await readModelConfig(folder);
  const shapes = parameterShapes(config);
  const weights = await openModelWeights(folder);
  try {
    const stored = new Map([...shapes].map(([name, shape]) => [name, find(weights, name, shape)]));
    const adapter =
      adapterFolder === undefined ? undefined : await readAdapterConfig(adapterFolder);
    const adapted =
      adapter === undefined || adapterFolder === undefined
        ? new Map<string, TensorData>()
        : await readAdapter({ adapter, adapterFolder, config, shapes });
    return {
      folder,
      config,
      configText: text,
      adapter,
      shapes,
      names: [...new Set([...shapes.keys(), ...adapted.keys()])],
      weights,
      stored,
      isAdapted: (name) => adapted.has(name),
      async read(name) {
        const found = adapted.get(name);
        if (found !== undefined) return found;
        const data = await weights.readFloats(stored.get(name)?.name ?? name);
        return { dtype: 'float32', shape: shapes.get(name) ?? [data.length], data };
      },
      close: () => weights.close(),
    };
  } catch (error) {
    await weights.close();
    throw error;
  }
}

/** Where a weight is stored, once its shape is what the model needs. */
function find(weights: ModelWeights, name: string, shape: readonly number[]): StoredWeight {
  const candidates = [
    name,
    ...PREFIXES.flatMap((prefix) =>
      name.startsWith(prefix) ? [name.slice(prefix.length)] : [`${prefix}${name}`],
    ),
  ];
  const found = candidates.find((candidate) => weights.tensors.has(candidate));
  const stored = weights.tensors.get(found ?? '');
  if (found === undefined || stored === undefined)
    throw new ModelTensorError({ file: weights.file, tensor: name, problem: 'it is missing' });
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
