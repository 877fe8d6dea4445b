export { checkTensorFlow } from './check-tensorflow.js';
export type { TensorFlowCheck } from './check-tensorflow.js';
export { createTfjsNodeBackend } from './create-tfjs-node-backend.js';
export type { TfjsNodeBackendOptions } from './create-tfjs-node-backend.js';
export { installTensorFlow } from './install-tensorflow.js';
export type { InstallTensorFlowOptions } from './install-tensorflow.js';
export { TENSORFLOW_VERSION } from './tensorflow-folder.js';
