import type { QuantisedFormat } from '@espalier/core';

/**
 * The 16 levels of NormalFloat: quantiles of the normal distribution, scaled to −1 … 1, with an exact zero.
 *
 * @see https://arxiv.org/abs/2305.14314, appendix E.
 */
const NORMAL_FLOAT = Float32Array.of(
  -1.0,
  -0.6961928009986877,
  -0.5250730514526367,
  -0.39491748809814453,
  -0.28444138169288635,
  -0.18477343022823334,
  -0.09105003625154495,
  0.0,
  0.07958029955625534,
  0.16093020141124725,
  0.24611230194568634,
  0.33791524171829224,
  0.44070982933044434,
  0.5626170039176941,
  0.7229568362236023,
  1.0,
);

/** What each of the 16 codes of a four-bit format stands for, before its block's scale. */
export function quantisedLevels(format: Exclude<QuantisedFormat, 'int8'>): Float32Array {
  return format === 'nf4' ? NORMAL_FLOAT : Float32Array.from({ length: 16 }, (_, code) => code - 8);
}

/** What each byte of two four-bit codes stands for. Shape: [256, 2], the high half first. */
export function quantisedPairs(format: Exclude<QuantisedFormat, 'int8'>): Float32Array {
  const levels = quantisedLevels(format);
  return Float32Array.from({ length: 512 }, (_, i) => {
    const byte = i >> 1;
    return levels[i % 2 === 0 ? byte >> 4 : byte & 15] ?? 0;
  });
}
