import { add, expand } from '../tensor/elementwise.js';
import { matmul, reshape, transpose } from '../tensor/layout.js';
import { softmax } from '../tensor/network.js';
import type { Tensor } from '../tensor/trace.js';

/** Splits [batch · length, heads · width] to [batch, heads, length, width]. */
export function splitHeads(x: Tensor, batch: number, heads: number): Tensor {
  const [rows = 1, width = 1] = x.shape;
  return transpose(reshape(x, [batch, rows / batch, heads, width / heads]), [0, 2, 1, 3]);
}

/** Joins [batch, heads, length, width] to [batch · length, heads · width]. */
export function joinHeads(x: Tensor): Tensor {
  const [batch = 1, heads = 1, length = 1, width = 1] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch * length, heads * width]);
}

/**
 * softmax(q kᵀ / √width + bias) v.
 *
 * Shapes: q [batch, heads, length, width], k and v [batch, keyHeads, context, width] with keyHeads a divisor of heads,
 * bias broadcasting to [batch, heads, length, context] → [batch, heads, length, width].
 */
export function attend(options: {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  readonly bias?: Tensor;
}): Tensor {
  const { q, bias } = options;
  const [, heads = 1, , width = 1] = q.shape;
  const k = repeatHeads(options.k, heads);
  const v = repeatHeads(options.v, heads);
  const scores = matmul(q, k, { transposeB: true, scale: 1 / Math.sqrt(width) });
  return matmul(softmax(bias === undefined ? scores : add(scores, bias)), v);
}

function repeatHeads(x: Tensor, heads: number): Tensor {
  const [batch = 1, own = 1, length = 1, width = 1] = x.shape;
  if (own === heads) return x;
  const grouped = reshape(x, [batch, own, 1, length, width]);
  const repeated = expand(grouped, [batch, own, heads / own, length, width]);
  return reshape(repeated, [batch, heads, length, width]);
}
