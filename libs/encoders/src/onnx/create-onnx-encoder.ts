import type { Clock, EmbeddingModel } from '@espalier/core';
import { TooManyTextsError } from '../errors.js';
import { openOnnxModel } from './internal/onnx-model.js';

const MAX_TEXTS_PER_CALL = 64;

/** What {@link createOnnxEncoder} takes. */
export interface OnnxEncoderOptions {
  /** A folder with `model.onnx`, `tokenizer.json` and `config.json` (for `hidden_size`). */
  readonly folder: string;
  /** Default: the id on the model's card, else `onnx`. */
  readonly modelId?: string;
  /** Texts encoded at the same time, each by one thread with a session of its own. Default: 2, at most the machine's cores. */
  readonly threads?: number;
  /** Tokens of one text that count, `[CLS]` and `[SEP]` included. Default 256. */
  readonly maxTokens?: number;
  /**
   * How long a thread without work keeps its session, some 60 MB each. Units: ms. Default: for ever.
   *
   * What comes later waits until the graph is loaded again, a few tenths of a second.
   */
  readonly idleMs?: number;
  readonly clock?: Clock;
  readonly abortSignal?: AbortSignal;
}

/**
 * Creates an encoder over an ONNX graph with the inputs `input_ids`, `attention_mask` and the output `sentence_embedding`.
 *
 * Runs on worker threads, so that the caller's event loop stays free; queries go before documents. The batch layout is
 * fixed: one text a run, without padding. Activations of a quantised graph are scaled per batch, so only this gives the
 * same bytes for the same text whatever else is encoded beside it (and, on CPUs, costs no more than padded batches).
 *
 * Shapes: texts [n] → [n][hidden_size] f32 of length 1; a text without a token gives the zero vector.
 *
 * @throws {OnnxRuntimeMissingError} `ERR_ENCODERS_ONNX_RUNTIME_MISSING`: `onnxruntime-node` is an optional peer.
 * @throws {OnnxRunError} `ERR_ENCODERS_ONNX_RUN`: the graph does not load.
 * @throws {ModelFileMissingError} `ERR_ENCODERS_MODEL_FILE_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`
 */
export async function createOnnxEncoder(options: OnnxEncoderOptions): Promise<EmbeddingModel> {
  const model = await openOnnxModel({ ...options, output: 'sentence_embedding' });
  const { dimension, maxTokens, modelId, revision, pool, tokenizer } = model;
  const { before, after } = tokenizer.frame;
  const room = Math.max(0, maxTokens - before.length - after.length);

  return {
    specificationVersion: 'v1',
    provider: 'espalier',
    modelId,
    ...(revision !== undefined && { revision }),
    dimension,
    limits: {
      maxTextsPerCall: MAX_TEXTS_PER_CALL,
      maxTokensPerText: maxTokens,
      supportsParallelCalls: true,
    },
    async doEmbed({ texts, purpose, abortSignal }) {
      abortSignal?.throwIfAborted();
      if (texts.length > MAX_TEXTS_PER_CALL) {
        throw new TooManyTextsError({ modelId, count: texts.length, max: MAX_TEXTS_PER_CALL });
      }
      let inputTokens = 0;
      const runs = texts.map((text) => {
        const ids = tokenizer.encode(text, { maxTokens: room });
        if (ids.length === 0) return Promise.resolve(new Float32Array(dimension));
        inputTokens += ids.length + before.length + after.length;
        return pool.run([...before, ...ids, ...after], {
          isUrgent: purpose === 'query',
          abortSignal,
        });
      });
      // All are waited for, so that a failure leaves no other one unhandled.
      const settled = await Promise.allSettled(runs);
      const embeddings = settled.map((run) => {
        if (run.status === 'rejected') throw run.reason as Error;
        return run.value;
      });
      return { embeddings, usage: { inputTokens }, warnings: [] };
    },
    countTokens: (text) => tokenizer.countTokens(text),
    dispose: () => pool.dispose(),
  };
}
