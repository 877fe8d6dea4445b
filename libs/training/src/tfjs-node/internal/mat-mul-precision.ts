import type { TensorPrecision } from '@espalier/core';
import type { TensorFlow } from '../../tfjs/internal/run-node.js';

/** Wide enough that TensorFlow leaves the product to oneDNN. */
const WIDTH = 256;
/** One more bit than bfloat16 keeps of a number beside 1. */
const EXCESS = 2 ** -9;

/** The variables of this process, `process.env`. */
export type ProcessEnvironment = Record<string, string | undefined>;

/**
 * Tells oneDNN, before TensorFlow is loaded, that it may round the factors of products to bfloat16.
 *
 * @see https://uxlfoundation.github.io/oneDNN/dev_guide_attributes_fpmath_mode.html
 */
export function allowBfloat16(environment: ProcessEnvironment): void {
  environment['ONEDNN_DEFAULT_FPMATH_MODE'] = 'BF16';
}

/** What products are multiplied in, by how one comes out. */
export function measurePrecision(tf: TensorFlow): TensorPrecision {
  return tf.tidy(() => {
    const product = tf.matMul(tf.fill([WIDTH, WIDTH], 1 + EXCESS), tf.ones([WIDTH, WIDTH]));
    const first = product.dataSync()[0] ?? 0;
    return first < WIDTH * (1 + EXCESS / 2) ? 'bfloat16' : 'float32';
  });
}
