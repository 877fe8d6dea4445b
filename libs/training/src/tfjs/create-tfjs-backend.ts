import type { TensorBackend } from '@espalier/core';
import { BackendMissingError } from '../errors.js';
import { createTensorFlowBackend } from './internal/run-on-tensorflow.js';
import type { TensorFlow } from './internal/run-node.js';

/** Kernel sets of TensorFlow.js that need nothing but JavaScript. */
export type TfjsKernels = 'cpu' | 'wasm' | 'webgpu';

/** Options of {@link createTfjsBackend}. */
export interface TfjsBackendOptions {
  /**
   * Which kernels run the program. Default `wasm`; `cpu` is plain JavaScript, `webgpu` wants a browser with WebGPU.
   *
   * Each comes in a package of its own beside `@tensorflow/tfjs-core`: `@tensorflow/tfjs-backend-<kernels>`.
   */
  readonly kernels?: TfjsKernels;
}

const LOADERS: Readonly<Record<TfjsKernels, () => Promise<unknown>>> = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
};

/**
 * Creates the backend that runs programs with TensorFlow.js, in Node and in browsers.
 *
 * Operations run one after another on the calling thread; in a browser, use it in a worker, and tell the WebAssembly
 * kernels first where their files are served: `setWasmPaths('/wasm/')` of `@tensorflow/tfjs-backend-wasm`.
 *
 * @throws {BackendMissingError} `ERR_TRAINING_BACKEND_MISSING`: a package is not installed, or the kernels do not start.
 */
export async function createTfjsBackend(options: TfjsBackendOptions = {}): Promise<TensorBackend> {
  const kernels = options.kernels ?? 'wasm';
  const tf = await loadKernels(kernels);
  return createTensorFlowBackend({
    tf,
    id: 'tfjs',
    description: `TensorFlow.js ${tf.version_core}, ${kernels}`,
    kernels,
    traits: { prefersPlainMatMul: kernels === 'wasm' },
  });
}

async function loadKernels(kernels: TfjsKernels): Promise<TensorFlow> {
  const missing = (cause?: unknown): BackendMissingError =>
    new BackendMissingError({
      backend: 'tfjs',
      requirement: `the packages "@tensorflow/tfjs-core" and "@tensorflow/tfjs-backend-${kernels}" (\`npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-${kernels}\`)${kernels === 'webgpu' ? ' and WebGPU' : ''}`,
      cause,
    });
  try {
    const tf = await import('@tensorflow/tfjs-core');
    await LOADERS[kernels]();
    if (await tf.setBackend(kernels)) return tf;
  } catch (cause) {
    throw missing(cause);
  }
  throw missing();
}
