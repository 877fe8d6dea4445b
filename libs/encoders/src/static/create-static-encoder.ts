import type { EmbeddingModel } from '@espalier/core';
import { ModelFileCorruptError, TooManyTextsError } from '../errors.js';
import { openModelFolder, type ModelFolder } from '../internal/model-folder.js';
import { loadTokenizer } from '../tokenizer/load-tokenizer.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { parseSafetensors } from './internal/safetensors.js';

const WEIGHTS_FILE = 'model.safetensors';
const MAX_TEXTS_PER_CALL = 1024;

/** What {@link createStaticEncoder} takes. */
export interface StaticEncoderOptions {
  /** A folder with `model.safetensors` (`embeddings` int8 [tokens, dimension], `scales` f32 [tokens]) and `tokenizer.json`. */
  readonly folder: string;
  /** Default: the id on the model's card, else `static`. */
  readonly modelId?: string;
  /** Tokens of one text that count. Default 8192. */
  readonly maxTokens?: number;
  readonly abortSignal?: AbortSignal;
}

interface TokenVectors {
  readonly rows: Int8Array;
  readonly scales: Float32Array;
  readonly dimension: number;
}

/**
 * Creates an encoder that gives the mean of one stored vector per token, at a cost of microseconds a text.
 *
 * Same bytes for the same text, whatever else is in the call; no native code, no threads.
 *
 * Shapes: texts [n] → [n][dimension] f32 of length 1; a text without a token gives the zero vector.
 *
 * @throws {ModelFileMissingError} `ERR_ENCODERS_MODEL_FILE_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`: checksum, header or shape is not right.
 */
export async function createStaticEncoder(options: StaticEncoderOptions): Promise<EmbeddingModel> {
  const folder = await openModelFolder(options);
  const tokenizer = await loadTokenizer(options);
  const vectors = await readVectors(folder, tokenizer);
  const modelId = options.modelId ?? folder.id ?? 'static';
  const maxTokens = options.maxTokens ?? 8192;
  return {
    specificationVersion: 'v1',
    provider: 'espalier',
    modelId,
    ...(folder.version !== undefined && { revision: folder.version }),
    dimension: vectors.dimension,
    limits: {
      maxTextsPerCall: MAX_TEXTS_PER_CALL,
      maxTokensPerText: maxTokens,
      supportsParallelCalls: true,
    },
    async doEmbed({ texts, abortSignal }) {
      abortSignal?.throwIfAborted();
      if (texts.length > MAX_TEXTS_PER_CALL) {
        throw new TooManyTextsError({ modelId, count: texts.length, max: MAX_TEXTS_PER_CALL });
      }
      let inputTokens = 0;
      const embeddings = texts.map((text) => {
        const ids = tokenizer.encode(text, { maxTokens });
        inputTokens += ids.length;
        return meanOf(vectors, ids);
      });
      return { embeddings, usage: { inputTokens }, warnings: [] };
    },
    countTokens: (text) => tokenizer.countTokens(text),
  };
}

async function readVectors(folder: ModelFolder, tokenizer: Tokenizer): Promise<TokenVectors> {
  const file = folder.pathOf(WEIGHTS_FILE);
  const tensors = parseSafetensors(file, await folder.read(WEIGHTS_FILE));
  const embeddings = tensors.get('embeddings');
  const scales = tensors.get('scales');
  const [count = 0, dimension = 0] = embeddings?.shape ?? [];
  if (
    embeddings?.dtype !== 'I8' ||
    embeddings.shape.length !== 2 ||
    scales?.dtype !== 'F32' ||
    scales.shape.length !== 1 ||
    scales.shape[0] !== count
  ) {
    const problem = 'it needs "embeddings" int8 [tokens, dimension] and "scales" float32 [tokens]';
    throw new ModelFileCorruptError({ file, problem });
  }
  if (count !== tokenizer.vocabularySize || dimension === 0) {
    const problem = `it holds ${count} vectors of ${dimension} values for ${tokenizer.vocabularySize} tokens`;
    throw new ModelFileCorruptError({ file, problem });
  }
  const { bytes } = embeddings;
  return {
    rows: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    // The data may start at any offset; a copy is aligned.
    scales: new Float32Array(new Uint8Array(scales.bytes).buffer),
    dimension,
  };
}

function meanOf({ rows, scales, dimension }: TokenVectors, ids: readonly number[]): Float32Array {
  const sum = new Float64Array(dimension);
  for (const id of ids) {
    const scale = scales[id] ?? 0;
    const start = id * dimension;
    for (let i = 0; i < dimension; i += 1) sum[i] = (sum[i] ?? 0) + (rows[start + i] ?? 0) * scale;
  }
  let squares = 0;
  for (const value of sum) squares += value * value;
  const norm = Math.sqrt(squares);
  return Float32Array.from(sum, (value) => (norm === 0 ? 0 : value / norm));
}
