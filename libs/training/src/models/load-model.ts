import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorBackend, TensorData, TensorState } from '@espalier/core';
import { ModelFileError, ModelTensorError } from '../errors.js';
import { openModelWeights, type ModelWeights } from '../files/open-model-weights.js';
import { isSavedModule, readAdapterConfig, type AdapterConfig } from '../lora/adapter-config.js';
import { readAdapterWeights } from '../lora/adapter-weights.js';
import { withLora } from '../lora/lora-scope.js';
import { sameShape } from '../tensor/trace.js';
import type { ModelConfig } from './model-config.js';
import { parameterShapes } from './parameter-shapes.js';
import { parseModelConfig } from './parse-model-config.js';

const CONFIG_FILE = 'config.json';
/** Prefixes under which the same module is stored, depending on the class that wrote the file. */
const PREFIXES = ['transformer.', 'model.', 'bert.'];

/** A model in a backend's memory. */
export interface LoadedModel {
  readonly folder: string;
  readonly config: ModelConfig;
  /** `config.json` as it stands, to be written again with changed weights. */
  readonly configText: string;
  readonly backend: TensorBackend;
  readonly state: TensorState;
  readonly adapter: AdapterConfig | undefined;
  /** Shapes of the base model's weights. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  dispose(): Promise<void>;
}

/** Reads and checks `config.json` of a model folder. */
export async function readModelConfig(
  folder: string,
): Promise<{ config: ModelConfig; text: string }> {
  const file = join(folder, CONFIG_FILE);
  let text: string;
  let value: unknown;
  try {
    text = await readFile(file, 'utf8');
    value = JSON.parse(text);
  } catch (cause) {
    throw new ModelFileError({ file, problem: 'it is missing or no JSON', cause });
  }
  return { config: parseModelConfig(value, file), text };
}

/**
 * Loads a Hugging Face model folder, and a PEFT adapter on top of it, into a backend.
 *
 * Every weight is checked against the configuration before anything is computed.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: a file is missing or damaged.
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: a kind of model that is not supported.
 * @throws {ModelTensorError} `ERR_TRAINING_MODEL_TENSOR`: a weight is missing or of another shape.
 */
export async function loadModel(options: {
  readonly folder: string;
  readonly adapterFolder?: string;
  readonly backend: TensorBackend;
  readonly abortSignal?: AbortSignal;
}): Promise<LoadedModel> {
  const { folder, backend, abortSignal } = options;
  const { config, text } = await readModelConfig(folder);
  const shapes = parameterShapes(config);
  const values = new Map<string, TensorData>();
  const weights = await openModelWeights(folder);
  try {
    const stored = new Map([...shapes].map(([name, shape]) => [name, find(weights, name, shape)]));
    for (const [name, shape] of shapes) {
      abortSignal?.throwIfAborted();
      const data = await weights.readFloats(stored.get(name) ?? name);
      values.set(name, { dtype: 'float32', shape, data });
    }
  } finally {
    await weights.close();
  }
  const { adapterFolder } = options;
  const adapter = adapterFolder === undefined ? undefined : await readAdapterConfig(adapterFolder);
  if (adapter !== undefined && adapterFolder !== undefined)
    await addAdapter({ adapter, adapterFolder, config, shapes, values });
  const state = await backend.createState(values);
  return {
    folder,
    config,
    configText: text,
    backend,
    state,
    adapter,
    shapes,
    dispose: () => state.dispose(),
  };
}

/** The name under which a weight is stored, once its shape and type are what the model needs. */
function find(weights: ModelWeights, name: string, shape: readonly number[]): string {
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
  return found;
}

async function addAdapter(options: {
  adapter: AdapterConfig;
  adapterFolder: string;
  config: ModelConfig;
  shapes: ReadonlyMap<string, readonly number[]>;
  values: Map<string, TensorData>;
}): Promise<void> {
  const { adapter, shapes, values } = options;
  const { file, tensors } = await readAdapterWeights(options.adapterFolder);
  const adapted = parameterShapes(options.config, (scope) => withLora(scope, adapter));
  const used = new Set<string>();
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
    used.add(name);
    values.set(name, { dtype: 'float32', shape, data: found.values });
  }
  const unused = [...tensors.keys()].find((name) => !used.has(name));
  if (unused !== undefined)
    throw new ModelTensorError({
      file,
      tensor: unused,
      problem: 'it belongs to no module that the configuration adapts',
    });
}
