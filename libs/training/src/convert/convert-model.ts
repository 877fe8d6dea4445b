import { dirname, join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { ModelConfigError, ModelFileError } from '../errors.js';
import type { WeightDType } from '../files/write-safetensors.js';
import { writeGgufAdapter } from '../gguf/write-gguf-adapter.js';
import { writeGgufModel, type GgufQuant } from '../gguf/write-gguf-model.js';
import { writeAdapter } from '../lora/adapter-weights.js';
import { adapterShapes } from '../lora/initial-adapter.js';
import { copySentenceSettings } from '../models/sentence-transformer-files.js';
import { copyTokenizer } from '../models/save-model.js';
import { openModelSource, type ModelSource } from '../models/open-model-source.js';
import type { QuantisedStorage } from '../models/weight-storage.js';
import { writeOnnxModel } from '../onnx-export/write-onnx-model.js';
import { writeMerged } from './write-merged.js';

/** What a model is written as. */
export type ConvertTarget = 'safetensors' | 'gguf' | 'gguf-lora' | 'peft' | 'onnx';

/** The type of stored numbers; `int8` for `onnx`, `q8_0` and `q4_k` for `gguf`. */
export type ConvertQuant = GgufQuant | 'int8';

/** A conversion. */
export interface ConvertOptions {
  /** The model's folder. */
  readonly from: string;
  /** The folder of a PEFT adapter. */
  readonly adapter?: string;
  readonly to: ConvertTarget;
  /** A file for `gguf` and `gguf-lora`, else a folder. */
  readonly out: string;
  /** The type of stored numbers. Default: as the base has them for `safetensors`, `f16` for `gguf`, else `f32`. */
  readonly quant?: ConvertQuant;
  /** How the base was kept while the adapter was trained (QLoRA): it is merged into what those bits stand for. */
  readonly quantisedBase?: QuantisedStorage;
  readonly abortSignal?: AbortSignal;
}

/**
 * Writes a model folder anew: `safetensors`, `gguf` and `onnx` with the adapter merged in, `peft` and `gguf-lora` the adapter alone.
 *
 * Weights are read and written one by one: the memory taken is that of the largest.
 *
 * @returns Sentences about what readers of the result will do otherwise than the model.
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: no adapter where one is to be written, or a form that cannot hold
 *   the model.
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: a file cannot be read or written.
 */
export async function convertModel(
  options: ConvertOptions,
): Promise<{ readonly warnings: readonly string[] }> {
  const { from, out, to, quant, abortSignal } = options;
  const source = await openModelSource({
    folder: from,
    ...(options.adapter === undefined ? {} : { adapterFolder: options.adapter }),
    ...(options.quantisedBase && { rounding: options.quantisedBase }),
  });
  const signal = abortSignal && { abortSignal };
  try {
    switch (to) {
      case 'gguf':
        if (quant === 'int8') return refuse(quant, 'f32, f16, q8_0 or q4_k', options);
        await makeFolder(dirname(out));
        return {
          warnings: await writeGgufModel({ source, file: out, quant: quant ?? 'f16', ...signal }),
        };
      case 'onnx': {
        const type = quant ?? 'f32';
        if (type !== 'f32' && type !== 'int8') return refuse(type, 'f32 or int8', options);
        await writeOnnxModel({ source, folder: out, isQuantised: type === 'int8', ...signal });
        break;
      }
      case 'gguf-lora': {
        await makeFolder(dirname(out));
        const type = plainType(quant ?? 'f32', options);
        await writeGgufAdapter({ source, file: out, type, ...signal });
        return { warnings: [] };
      }
      case 'safetensors': {
        const type = quant === undefined ? undefined : plainType(quant, options);
        const dtype: WeightDType | undefined = type && (type === 'f16' ? 'F16' : 'F32');
        await writeMerged({ source, folder: out, ...(dtype && { dtype }), ...signal });
        break;
      }
      case 'peft':
        await rewriteAdapter(source, out);
    }
    await copyTokenizer(from, out);
    if (source.config.family === 'bert' && source.config.head === undefined)
      await copySentenceSettings(from, out);
    return { warnings: [] };
  } finally {
    await source.close();
  }
}

function plainType(quant: ConvertQuant, options: ConvertOptions): 'f32' | 'f16' {
  return quant === 'f32' || quant === 'f16' ? quant : refuse(quant, 'f32 or f16', options);
}

function refuse(quant: ConvertQuant, expected: string, { to, from }: ConvertOptions): never {
  throw new ModelConfigError({
    file: from,
    field: 'quant',
    found: quant,
    expected: `${expected} for ${to}`,
  });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new ModelFileError({ file: folder, problem: 'it cannot be made', cause });
  }
}

async function rewriteAdapter(source: ModelSource, folder: string): Promise<void> {
  const { adapter, config } = source;
  if (adapter === undefined)
    throw new ModelConfigError({
      file: source.folder,
      field: 'adapter',
      found: undefined,
      expected: 'given, to be written as peft',
    });
  const isClassifier = config.family === 'bert' && config.head !== undefined;
  await writeAdapter({
    folder,
    config: adapter,
    base: source.folder,
    isConv1d: config.family === 'gpt2',
    taskType: isClassifier ? 'SEQ_CLS' : config.family === 'bert' ? null : 'CAUSAL_LM',
    tensors: await Promise.all(
      Array.from(adapterShapes(config, adapter), async ([name, shape]) => {
        const { data } = await source.read(name);
        return [name, { shape, values: data as Float32Array }] as const;
      }),
    ),
  });
  if (isClassifier) await writeFile(join(folder, 'config.json'), source.configText);
}
