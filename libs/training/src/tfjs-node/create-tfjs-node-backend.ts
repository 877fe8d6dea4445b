import { existsSync } from 'node:fs';
import type { TensorBackend, TensorPrecision } from '@espalier/core';
import { BackendMissingError, PrecisionError } from '../errors.js';
import { createTensorFlowBackend } from '../tfjs/internal/run-on-tensorflow.js';
import { loadTfjsNode, type TfjsNode } from './internal/load-tfjs-node.js';
import {
  allowBfloat16,
  measurePrecision,
  type ProcessEnvironment,
} from './internal/mat-mul-precision.js';
import { tensorFlowFolder } from './tensorflow-folder.js';

/** Options of {@link createTfjsNodeBackend}: one of the two folders, and what matrices are multiplied in. */
export type TfjsNodeBackendOptions = {
  /**
   * Default `float32`. `bfloat16` rounds the factors of matrix products, whose sums stay in float32, on CPUs with
   * instructions for it; it holds for the whole process.
   */
  readonly precision?: TensorPrecision;
  /**
   * `process.env`, where oneDNN is told of `bfloat16` before TensorFlow is loaded. Without it `bfloat16` is there only if
   * the program was started with `ONEDNN_DEFAULT_FPMATH_MODE=BF16`.
   */
  readonly environment?: ProcessEnvironment;
} & (
  | {
      /** A folder that `installTensorFlow` (`espalier tensorflow install`) has filled. */
      readonly folder: string;
    }
  | {
      /** The folder of a package `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu` that works already. */
      readonly packageFolder: string;
    }
);

/**
 * Creates the backend that runs programs in TensorFlow's own library, on a GPU where the library has one to use.
 *
 * Operations run one after another on the calling thread, with as many threads inside as TensorFlow is set to
 * (`TF_NUM_INTRAOP_THREADS`). The library is loaded once a process.
 *
 * @throws {BackendMissingError} `ERR_TRAINING_BACKEND_MISSING`: nothing is set up there, or it does not load.
 * @throws {PrecisionError} `ERR_TRAINING_PRECISION`: products come out otherwise rounded than was asked for.
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
  const asked = options.precision ?? 'float32';
  if (asked === 'float16')
    throw new PrecisionError({ backend: 'tfjs-node', asked, found: 'float32 or bfloat16' });
  let loaded: TfjsNode;
  try {
    if (asked === 'bfloat16' && options.environment !== undefined)
      allowBfloat16(options.environment);
    loaded = loadTfjsNode(packageFolder);
  } catch (cause) {
    throw missing(cause);
  }
  const { tf, version, isOnGpu } = loaded;
  const precision = measurePrecision(tf);
  if (precision !== asked)
    throw new PrecisionError({
      backend: 'tfjs-node',
      asked,
      found: precision,
      reason:
        asked === 'float32'
          ? 'TensorFlow was loaded with it in this process'
          : isOnGpu
            ? 'it computes on a GPU'
            : 'the CPU has no instructions for it, or TensorFlow was loaded without it in this process',
    });
  return createTensorFlowBackend({
    tf,
    id: 'tfjs-node',
    description: `TensorFlow ${version} by TensorFlow.js ${tf.version_core}, ${isOnGpu ? 'GPU' : 'CPU'}`,
    kernels: 'tensorflow',
    precision,
    traits: { prefersPlainMatMul: false },
  });
}
