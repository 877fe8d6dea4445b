import { createRequire } from 'node:module';
import util from 'node:util';
import type { TensorFlow } from '../../tfjs/internal/run-node.js';

/** What TensorFlow.js knows of the library below it. */
export interface TfjsNode {
  readonly tf: TensorFlow;
  /** Of the library, `2.21.0`. */
  readonly version: string;
  readonly isOnGpu: boolean;
}

/** Taken out of `node:util` by Node 23, or warned of by it; the package still calls them. */
const REMOVED: Readonly<Record<string, (value: unknown) => boolean>> = {
  isArray: (value) => Array.isArray(value),
  isNullOrUndefined: (value) => value === null || value === undefined,
};

/** Loads `@tensorflow/tfjs-node` from its folder into this process; throws what its loading throws. */
export function loadTfjsNode(packageFolder: string): TfjsNode {
  const restored = util as unknown as Record<string, unknown>;
  for (const [name, check] of Object.entries(REMOVED)) restored[name] = check;
  const require = createRequire(import.meta.url);
  const tf = require(packageFolder) as TensorFlow;
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as {
    binding: { TF_Version: string };
    isUsingGpuDevice: boolean;
  };
  return { tf, version: binding.TF_Version, isOnGpu: isUsingGpuDevice };
}
