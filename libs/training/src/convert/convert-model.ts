import { ModelConfigError, ModelFileError } from '../errors.js';
import { createJsBackend } from '../backends/create-js-backend.js';
import { openModelWeights } from '../files/open-model-weights.js';
import type { WeightDType } from '../files/write-safetensors.js';
import { adapterShapes } from '../lora/initial-adapter.js';
import { writeAdapter } from '../lora/adapter-weights.js';
import { mergedState } from '../lora/merge-adapter.js';
import { loadModel } from '../models/load-model.js';
import { copyTokenizer, saveModel } from '../models/save-model.js';

/** What a model is written as. */
export type ConvertTarget = 'safetensors' | 'peft';

/**
 * Writes a model folder anew: `safetensors` with its adapter merged in, `peft` the adapter alone.
 *
 * Weights keep the base's storage type unless `dtype` is given.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: `peft` without an adapter.
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: a file cannot be read or written.
 */
export async function convertModel(options: {
  readonly from: string;
  readonly adapter?: string;
  readonly to: ConvertTarget;
  readonly out: string;
  readonly dtype?: WeightDType;
  readonly abortSignal?: AbortSignal;
}): Promise<void> {
  const { from, out } = options;
  const model = await loadModel({
    folder: from,
    backend: createJsBackend(),
    ...(options.adapter === undefined ? {} : { adapterFolder: options.adapter }),
    ...(options.abortSignal && { abortSignal: options.abortSignal }),
  });
  try {
    if (options.to === 'safetensors') {
      const dtype = options.dtype ?? (await storageType(from));
      await saveModel({ ...model, folder: out, state: mergedState(model), dtype });
    } else {
      const { adapter, config, state } = model;
      if (adapter === undefined)
        throw new ModelConfigError({
          file: from,
          field: 'adapter',
          found: undefined,
          expected: 'given, to be written as peft',
        });
      await writeAdapter({
        folder: out,
        config: adapter,
        base: from,
        isConv1d: config.family === 'gpt2',
        taskType: config.family === 'bert' ? null : 'CAUSAL_LM',
        tensors: await Promise.all(
          Array.from(adapterShapes(config, adapter), async ([name, shape]) => {
            const { data } = await state.read(name);
            return [name, { shape, values: data as Float32Array }] as const;
          }),
        ),
      });
    }
    await copyTokenizer(from, out);
  } finally {
    await model.dispose();
  }
}

async function storageType(folder: string): Promise<WeightDType> {
  const weights = await openModelWeights(folder);
  try {
    const [first] = weights.tensors.values();
    if (first === undefined)
      throw new ModelFileError({ file: weights.file, problem: 'it is empty' });
    return first.dtype === 'F16' || first.dtype === 'BF16' ? first.dtype : 'F32';
  } finally {
    await weights.close();
  }
}
