export { createJsBackend } from './backends/create-js-backend.js';
export { createModelRunner } from './models/create-model-runner.js';
export { loadModel } from './models/load-model.js';
export { createTrace } from './tensor/trace.js';
