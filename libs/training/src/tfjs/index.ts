export { createTfjsBackend } from './create-tfjs-backend.js';
export type { TfjsBackendOptions, TfjsKernels } from './create-tfjs-backend.js';
