import { basename, resolve } from 'node:path';
import { ModelConfigError } from '../errors.js';
import { readMerged } from '../lora/merge-adapter.js';
import type { ModelConfig, DecoderConfig } from '../models/model-config.js';
import type { ModelSource } from '../models/open-model-source.js';
import { architectureMetadata, ggufArchitecture } from './architecture-metadata.js';
import { GGUF_LAYOUT, type GgufType } from './gguf-type.js';
import { planTensor, ropeFactorTensor } from './gguf-tensor-plan.js';
import { text, uint32, type GgufValue } from './gguf-value.js';
import { readTokenizerFiles } from './read-tokenizer-files.js';
import { tokenizerMetadata } from './tokenizer-metadata.js';
import { writeGguf, type GgufTensor } from './write-gguf.js';

/** The types that a model's matrices can be asked for in. */
export type GgufQuant = 'f32' | 'f16' | 'q8_0' | 'q4_k';

/** Numbers of `general.file_type`; that of `q4_k` is the one of llama.cpp's "Q4_K - Small". */
const FILE_TYPE: Readonly<Record<GgufQuant, number>> = { f32: 0, f16: 1, q8_0: 7, q4_k: 14 };
const QUANTISATION_VERSION = 2;

/**
 * Writes a model, its adapter merged in, with its tokeniser and chat template as one GGUF file.
 *
 * Every matrix is stored in `quant`, norms and biases in float32. Where rows are no whole number of blocks, the type is
 * llama.cpp's substitute: `q5_0` for `q4_k` where 32 divides them, else `f16`.
 *
 * @returns What llama.cpp will do otherwise than the model.
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: a model that llama.cpp does not compute.
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: a file cannot be read or written.
 */
export async function writeGgufModel(options: {
  readonly source: ModelSource;
  readonly file: string;
  readonly quant: GgufQuant;
  readonly abortSignal?: AbortSignal;
}): Promise<readonly string[]> {
  const { source, file, quant, abortSignal } = options;
  const config = requireDecoder(source.config, source.folder);
  const tokenizer = tokenizerMetadata(
    await readTokenizerFiles(source.folder),
    config.vocabularySize,
  );
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', text(ggufArchitecture(config))],
    ['general.type', text('model')],
    ['general.name', text(basename(resolve(source.folder)))],
    ['general.file_type', uint32(FILE_TYPE[quant])],
    ['general.quantization_version', uint32(QUANTISATION_VERSION)],
    ...architectureMetadata(config, source.folder),
    ...tokenizer.entries,
  ]);
  await writeGguf({
    file,
    metadata,
    tensors: plannedTensors(source, config, quant),
    ...(abortSignal && { abortSignal }),
  });
  return tokenizer.warnings;
}

/**
 * The configuration of a model that gives the next token.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: an encoder.
 */
export function requireDecoder(config: ModelConfig, file: string): DecoderConfig {
  if (config.family !== 'bert') return config;
  throw new ModelConfigError({
    file,
    field: 'model_type',
    found: config.family,
    expected: 'a decoder to be written as GGUF',
  });
}

function plannedTensors(
  source: ModelSource,
  config: DecoderConfig,
  quant: GgufQuant,
): GgufTensor[] {
  const factors = ropeFactorTensor(config);
  const own = Array.from(source.shapes, ([name, shape]): GgufTensor => {
    const plan = planTensor(config, name, shape);
    return {
      name: plan.name,
      shape: plan.shape,
      type: plan.isQuantised ? fittingType(quant, plan.shape.at(-1) ?? 1) : 'f32',
      values: async () => plan.arrange(await readMerged(source, name)),
    };
  });
  if (factors === undefined) return own;
  const { name, values } = factors;
  return [{ name, shape: [values.length], type: 'f32', values: () => values }, ...own];
}

function fittingType(quant: GgufQuant, rowLength: number): GgufType {
  const candidates: readonly GgufType[] = quant === 'q4_k' ? ['q4_k', 'q5_0'] : [quant];
  return candidates.find((type) => rowLength % GGUF_LAYOUT[type].blockSize === 0) ?? 'f16';
}
