import type { TensorBackend, TensorData, TensorState } from '@espalier/core';
import { isSavedModule, type AdapterConfig } from '../lora/adapter-config.js';
import type { ClassifierHead, ModelConfig } from './model-config.js';
import { openModelSource, type ModelSource } from './open-model-source.js';
import { linearWeights } from './parameter-shapes.js';
import { quantisedStates, type QuantisedStorage, type WeightStorage } from './weight-storage.js';

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
  /** How weights are kept that are not kept in float32. */
  readonly storage: ReadonlyMap<string, WeightStorage>;
  dispose(): Promise<void>;
}

/** What {@link loadModel} takes. */
export interface LoadModelOptions {
  readonly folder: string;
  readonly adapterFolder?: string;
  /** Put on an encoder that has none. */
  readonly head?: ClassifierHead;
  readonly backend: TensorBackend;
  /**
   * What is to be trained, and so kept in float32; matrices that are not keep the 16 bits of a float16 or bfloat16 file, and
   * are widened where they are used. `adapter`: its own weights and those of the modules it saves. Default `nothing`.
   */
  readonly trains?: 'nothing' | 'adapter' | 'everything';
  /** The adapter that will be put on the model, where no folder has it. */
  readonly freshAdapter?: AdapterConfig;
  /** Keeps the matrices of linear layers that are not trained in few bits; the output layer is left as it is. */
  readonly quantise?: QuantisedStorage;
  readonly abortSignal?: AbortSignal;
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
export async function loadModel(options: LoadModelOptions): Promise<LoadedModel> {
  const { backend, abortSignal } = options;
  const source = await openModelSource(options);
  const values = new Map<string, TensorData>();
  const storage = new Map<string, WeightStorage>();
  const quantised = options.quantise && linearWeights(source.config);
  try {
    for (const name of source.names) {
      abortSignal?.throwIfAborted();
      if (!isFrozen(name, source, options)) values.set(name, await source.read(name));
      else if (options.quantise !== undefined && quantised?.has(name) === true) {
        const { data } = await source.read(name);
        storage.set(name, options.quantise);
        for (const [part, value] of quantisedStates(name, data as Float32Array, options.quantise))
          values.set(part, value);
      } else {
        const value = await source.readStored(name);
        if (value.dtype === 'float16' || value.dtype === 'bfloat16')
          storage.set(name, { kind: value.dtype });
        values.set(name, value);
      }
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
    storage,
    dispose: () => state.dispose(),
  };
}

/** Whether a weight is a matrix of the base model that stays as it is. */
function isFrozen(name: string, source: ModelSource, options: LoadModelOptions): boolean {
  const { trains = 'nothing' } = options;
  const adapter = source.adapter ?? options.freshAdapter;
  const rank = source.shapes.get(name)?.length ?? 0;
  if (rank < 2 || trains === 'everything') return false;
  if (source.isAdapted(name) || source.missing.includes(name)) return false;
  const module = name.replace(/\.(?:weight|bias)$/u, '');
  return trains === 'nothing' || adapter === undefined || !isSavedModule(adapter, module);
}
