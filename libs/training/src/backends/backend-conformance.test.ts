import { describeTensorBackendConformance } from '@espalier/testing/conformance';
import { differentiate } from '../__fixtures__/differentiate.js';
import { createTfjsBackend } from '../tfjs/create-tfjs-backend.js';
import { createTfjsNodeBackend } from '../tfjs-node/create-tfjs-node-backend.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { createJsBackend } from './create-js-backend.js';

describeTensorBackendConformance('plain JavaScript', { create: createJsBackend, differentiate });
describeTensorBackendConformance('ONNX Runtime', { create: createOnnxBackend, differentiate });
describeTensorBackendConformance('TensorFlow.js in JavaScript', {
  create: () => createTfjsBackend({ kernels: 'cpu' }),
  differentiate,
});
describeTensorBackendConformance('TensorFlow.js in WebAssembly', {
  create: () => createTfjsBackend({ kernels: 'wasm' }),
  differentiate,
});
const tensorFlow = process.env['ESPALIER_TEST_TENSORFLOW'];
if (tensorFlow !== undefined) {
  describeTensorBackendConformance('TensorFlow', {
    create: () => createTfjsNodeBackend({ folder: tensorFlow }),
    differentiate,
  });
}
