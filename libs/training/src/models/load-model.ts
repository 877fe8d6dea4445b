import type { TensorBackend, TensorData, TensorState } from '@espalier/core';
import type { AdapterConfig } from '../lora/adapter-config.js';
import type { ClassifierHead, ModelConfig } from './model-config.js';
import { openModelSource } from './open-model-source.js';

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
  /** Weights of a head that the files do not have; they are zero. */
  readonly missing: readonly string[];
  dispose(): Promise<void>;
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
  /** Put on an encoder that has none. */
  readonly head?: ClassifierHead;
  readonly backend: TensorBackend;
  readonly abortSignal?: AbortSignal;
}): Promise<LoadedModel> {
  const { backend, abortSignal } = options;
  const source = await openModelSource(options);
  const values = new Map<string, TensorData>();
  try {
    for (const name of source.names) {
      abortSignal?.throwIfAborted();
      values.set(name, await source.read(name));
    }
  } finally {
    await source.close();
  }
  const { folder, config, configText, adapter, shapes, missing } = source;
  const state = await backend.createState(values);
  return {
    folder,
    config,
    configText,
    backend,
    state,
    adapter,
    shapes,
    missing,
    dispose: () => state.dispose(),
  };
}
