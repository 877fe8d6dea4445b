import type { OnnxEncoderOptions } from './create-onnx-encoder.js';
import { openOnnxModel } from './internal/onnx-model.js';

/** A text classifier over an ONNX graph. */
export interface OnnxClassifier {
  readonly modelId: string;
  /**
   * The outputs of one text, in the order of the graph's heads.
   *
   * Tokens beyond the limit are not read. Shapes: → [heads] f32, log-odds.
   */
  classify(text: string, options?: { abortSignal?: AbortSignal }): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Creates a classifier over an ONNX graph with the inputs `input_ids`, `attention_mask` and the output `logits`.
 *
 * One text a run on worker threads, as in `createOnnxEncoder`: same bytes for the same text, and a free event loop.
 *
 * @throws {OnnxRuntimeMissingError} `ERR_ENCODERS_ONNX_RUNTIME_MISSING`: `onnxruntime-node` is an optional peer.
 * @throws {OnnxRunError} `ERR_ENCODERS_ONNX_RUN`: the graph does not load.
 * @throws {ModelFileMissingError} `ERR_ENCODERS_MODEL_FILE_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`
 */
export async function createOnnxClassifier(options: OnnxEncoderOptions): Promise<OnnxClassifier> {
  const { maxTokens, modelId, pool, tokenizer } = await openOnnxModel({
    ...options,
    output: 'logits',
  });
  const { before, after } = tokenizer.frame;
  const room = Math.max(1, maxTokens - before.length - after.length);
  return {
    modelId,
    async classify(text, { abortSignal } = {}) {
      abortSignal?.throwIfAborted();
      const ids = tokenizer.encode(text, { maxTokens: room });
      return pool.run([...before, ...ids, ...after], { isUrgent: true, abortSignal });
    },
    dispose: () => pool.dispose(),
  };
}
