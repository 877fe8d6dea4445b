import { existsSync } from 'node:fs';
import type { TensorBackend } from '@espalier/core';
import { BackendMissingError } from '../errors.js';
import { createTensorFlowBackend } from '../tfjs/internal/run-on-tensorflow.js';
import { loadTfjsNode, type TfjsNode } from './internal/load-tfjs-node.js';
import { tensorFlowFolder } from './tensorflow-folder.js';

/** Options of {@link createTfjsNodeBackend}: one of the two folders. */
export type TfjsNodeBackendOptions =
  | {
      /** A folder that `installTensorFlow` (`espalier tensorflow install`) has filled. */
      readonly folder: string;
    }
  | {
      /** The folder of a package `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu` that works already. */
      readonly packageFolder: string;
    };

/**
 * Creates the backend that runs programs in TensorFlow's own library, on a GPU where the library has one to use.
 *
 * Operations run one after another on the calling thread, with as many threads inside as TensorFlow is set to
 * (`TF_NUM_INTRAOP_THREADS`). The library is loaded once a process.
 *
 * @throws {BackendMissingError} `ERR_TRAINING_BACKEND_MISSING`: nothing is set up there, or it does not load.
 */
export function createTfjsNodeBackend(options: TfjsNodeBackendOptions): TensorBackend {
  const packageFolder =
    'folder' in options ? tensorFlowFolder(options.folder).tfjsNode : options.packageFolder;
  const missing = (cause?: unknown): BackendMissingError =>
    new BackendMissingError({
      backend: 'tfjs-node',
      requirement: `TensorFlow for TensorFlow.js in ${packageFolder} (\`espalier tensorflow install\` sets it up, \`espalier tensorflow doctor\` tells what is wrong)`,
      cause,
    });
  if (!existsSync(packageFolder)) throw missing();
  let loaded: TfjsNode;
  try {
    loaded = loadTfjsNode(packageFolder);
  } catch (cause) {
    throw missing(cause);
  }
  const { tf, version, isOnGpu } = loaded;
  return createTensorFlowBackend({
    tf,
    id: 'tfjs-node',
    description: `TensorFlow ${version} by TensorFlow.js ${tf.version_core}, ${isOnGpu ? 'GPU' : 'CPU'}`,
    kernels: 'tensorflow',
    traits: { prefersPlainMatMul: false },
  });
}
