import { join } from 'node:path';

/** The release of TensorFlow that `installTensorFlow` sets up where none is named. */
export const TENSORFLOW_VERSION = '2.21.0';
/** The release of `@tensorflow/tfjs-node`. */
export const TFJS_NODE_VERSION = '4.22.0';
/** The release of `node-api-headers`, with which the binding is compiled. */
export const NODE_API_HEADERS_VERSION = '1.5.0';

/** Where things lie in a folder that `installTensorFlow` has filled. */
export interface TensorFlowFolder {
  /** A Python package folder that holds `tensorflow`, unless another one was named. */
  readonly python: string;
  /** An npm project that holds `@tensorflow/tfjs-node`. */
  readonly npm: string;
  readonly tfjsNode: string;
  readonly headers: string;
  /** The compiled Node-API module. */
  readonly binding: string;
  /** What was set up, as JSON. */
  readonly record: string;
}

/** The paths inside a folder of `installTensorFlow`. */
export function tensorFlowFolder(folder: string): TensorFlowFolder {
  const npm = join(folder, 'npm');
  const tfjsNode = join(npm, 'node_modules/@tensorflow/tfjs-node');
  return {
    python: join(folder, 'python'),
    npm,
    tfjsNode,
    headers: join(npm, 'node_modules/node-api-headers/include'),
    binding: join(tfjsNode, 'lib/napi-v8/tfjs_binding.node'),
    record: join(folder, 'tensorflow.json'),
  };
}
