import type { TensorData } from '@espalier/core';

/** Small enough that its softmax is 0 in float32, large enough that sums with it stay finite. */
export const MASKED = -1e9;

/**
 * What a causal layer adds to its attention scores, [length, context].
 *
 * Query i stands at `start + i`; it sees the context up to itself, at most `window` tokens of it.
 */
export function causalBias(options: {
  readonly length: number;
  readonly context?: number;
  readonly start?: number;
  readonly window?: number | undefined;
}): TensorData {
  const { length, context = length, start = 0, window = Number.POSITIVE_INFINITY } = options;
  const data = new Float32Array(length * context).fill(MASKED);
  for (let i = 0; i < length; i++) {
    const last = start + i;
    for (let j = Math.max(0, last - window + 1); j <= Math.min(last, context - 1); j++)
      data[i * context + j] = 0;
  }
  return { dtype: 'float32', shape: [length, context], data };
}
