import type { TensorPrecision } from '@espalier/core';
import type { TensorFlow } from '../../tfjs/internal/run-node.js';

/** Wide enough that TensorFlow leaves the product to oneDNN. */
const WIDTH = 256;
/** One more bit than bfloat16 keeps of a number beside 1. */
const EXCESS = 2 ** -9;

/**
 * Tells oneDNN, before TensorFlow is loaded, what it may round the factors of products to.
 *
 * @see https://uxlfoundation.github.io/oneDNN/dev_guide_attributes_fpmath_mode.html
 */
export function setMatMulPrecision(precision: TensorPrecision): void {
  if (precision === 'bfloat16') process.env['ONEDNN_DEFAULT_FPMATH_MODE'] = 'BF16';
}

/** What products are multiplied in, by how one comes out. */
export function measurePrecision(tf: TensorFlow): TensorPrecision {
  return tf.tidy(() => {
    const product = tf.matMul(tf.fill([WIDTH, WIDTH], 1 + EXCESS), tf.ones([WIDTH, WIDTH]));
    const first = product.dataSync()[0] ?? 0;
    return first < WIDTH * (1 + EXCESS / 2) ? 'bfloat16' : 'float32';
  });
}
