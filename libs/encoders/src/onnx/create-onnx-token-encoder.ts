import type { TokenEncoder, TokenStates } from '@espalier/core';
import { TooManyTextsError } from '../errors.js';
import type { OnnxEncoderOptions } from './create-onnx-encoder.js';
import { openOnnxModel } from './internal/onnx-model.js';

const MAX_TEXTS_PER_CALL = 64;
const DEFAULT_MAX_WINDOWS = 8;

/** What {@link createOnnxTokenEncoder} takes. */
export interface OnnxTokenEncoderOptions extends OnnxEncoderOptions {
  /** The most windows of `maxTokens` that one text is cut to; what is beyond is not read. Default 8. */
  readonly maxWindows?: number;
}

/**
 * Creates an encoder that gives the state of each token, over an ONNX graph with the output `last_hidden_state`.
 *
 * The vector of a window is the mean of its states, those of `[CLS]` and `[SEP]` among them, which is what the graph's
 * own `sentence_embedding` is. One text a run, as in {@link createOnnxEncoder}, so that vectors do not depend on what is
 * encoded beside them.
 *
 * @throws {OnnxRuntimeMissingError} `ERR_ENCODERS_ONNX_RUNTIME_MISSING`
 * @throws {OnnxRunError} `ERR_ENCODERS_ONNX_RUN`
 * @throws {ModelFileMissingError} `ERR_ENCODERS_MODEL_FILE_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`
 */
export async function createOnnxTokenEncoder(
  options: OnnxTokenEncoderOptions,
): Promise<TokenEncoder> {
  const maxWindows = options.maxWindows ?? DEFAULT_MAX_WINDOWS;
  const model = await openOnnxModel({ ...options, output: 'last_hidden_state' });
  const { dimension, maxTokens, modelId, revision, pool, tokenizer } = model;
  const { before, after } = tokenizer.frame;
  const room = Math.max(1, maxTokens - before.length - after.length);

  return {
    specificationVersion: 'v1',
    provider: 'espalier',
    modelId,
    ...(revision !== undefined && { revision }),
    dimension,
    limits: {
      maxTextsPerCall: MAX_TEXTS_PER_CALL,
      maxTokensPerText: room * maxWindows,
      supportsParallelCalls: true,
    },
    async doEncodeTokens({ texts, purpose, abortSignal }) {
      abortSignal?.throwIfAborted();
      if (texts.length > MAX_TEXTS_PER_CALL) {
        throw new TooManyTextsError({ modelId, count: texts.length, max: MAX_TEXTS_PER_CALL });
      }
      let inputTokens = 0;
      const encode = async (text: string): Promise<TokenStates> => {
        const ids = Int32Array.from(tokenizer.encode(text, { maxTokens: room * maxWindows }));
        const starts = Array.from({ length: Math.ceil(ids.length / room) }, (_, n) => n * room);
        inputTokens += ids.length + starts.length * (before.length + after.length);
        const windows = await Promise.all(
          starts.map((start) =>
            pool.run([...before, ...ids.subarray(start, start + room), ...after], {
              isUrgent: purpose === 'query',
              abortSignal,
            }),
          ),
        );
        return joinWindows({ ids, windows, dimension, skip: before.length, room });
      };
      // All are waited for, so that a failure leaves no other one unhandled.
      const settled = await Promise.allSettled(texts.map(encode));
      const states = settled.map((run) => {
        if (run.status === 'rejected') throw run.reason as Error;
        return run.value;
      });
      return { states, usage: { inputTokens }, warnings: [] };
    },
    countTokens: (text) => tokenizer.countTokens(text),
    dispose: () => pool.dispose(),
  };
}

function joinWindows(options: {
  ids: Int32Array;
  windows: readonly Float32Array[];
  dimension: number;
  skip: number;
  room: number;
}): TokenStates {
  const { ids, windows, dimension, skip, room } = options;
  const vectors = new Float32Array(ids.length * dimension);
  windows.forEach((states, window) => {
    const count = Math.min(room, ids.length - window * room);
    vectors.set(
      states.subarray(skip * dimension, (skip + count) * dimension),
      window * room * dimension,
    );
  });
  for (let start = 0; start < vectors.length; start += dimension) {
    normalize(vectors.subarray(start, start + dimension));
  }
  return { ids, vectors, windows: windows.map((states) => meanState(states, dimension)) };
}

function meanState(states: Float32Array, dimension: number): Float32Array {
  const mean = new Float32Array(dimension);
  for (let i = 0; i < states.length; i += 1) {
    mean[i % dimension] = (mean[i % dimension] ?? 0) + (states[i] ?? 0);
  }
  return normalize(mean);
}

function normalize(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const norm = Math.sqrt(squares);
  if (norm > 0) for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) / norm;
  return vector;
}
