import { definePlugin } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createOnnxEncoder } from './create-onnx-encoder.js';

export { createOnnxClassifier } from './create-onnx-classifier.js';
export type { OnnxClassifier } from './create-onnx-classifier.js';
export { createOnnxCrossEncoder } from './create-onnx-cross-encoder.js';
export type { OnnxCrossEncoder, OnnxCrossEncoderOptions } from './create-onnx-cross-encoder.js';
export { createOnnxEncoder } from './create-onnx-encoder.js';
export type { OnnxEncoderOptions } from './create-onnx-encoder.js';
export { createOnnxTokenEncoder } from './create-onnx-token-encoder.js';
export type { OnnxTokenEncoderOptions } from './create-onnx-token-encoder.js';

/** Provides an ONNX encoder as an embedding model, under the id `onnx` unless another is given. */
export const onnxEncoder = definePlugin({
  name: '@espalier/encoders/onnx',
  optionsSchema: z.strictObject({
    folder: z.string().min(1),
    id: z.string().min(1).default('onnx'),
    threads: z.int().min(1).optional(),
    maxTokens: z.int().min(3).max(512).optional(),
  }),
  setup(host, { id, folder, threads, maxTokens }) {
    host.provide(
      'embeddingModel',
      id,
      () =>
        createOnnxEncoder({
          folder,
          ...(threads === undefined ? {} : { threads }),
          ...(maxTokens === undefined ? {} : { maxTokens }),
        }),
      { dispose: (model) => model.dispose?.() },
    );
  },
});
