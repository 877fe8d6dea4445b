export { createOnnxBackend } from './create-onnx-backend.js';
export type { OnnxBackendOptions } from './create-onnx-backend.js';
