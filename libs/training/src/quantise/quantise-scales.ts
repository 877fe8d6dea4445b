import { dynamicMap, nearestIndex } from './dynamic-map.js';
import { blockCount } from './quantise-blocks.js';

/** How many scales share one of their own. */
export const SCALE_BLOCK = 256;

/** Scales in eight bits. */
export interface QuantisedScales {
  /** Indices into the signed dynamic map; the last block is filled up. */
  readonly codes: Uint8Array;
  readonly scales: Float32Array;
  /** Added to all. */
  readonly mean: number;
}

/**
 * Double quantisation: takes the mean off the scales and rounds what is left, block by block, to the dynamic eight-bit type.
 *
 * @see https://arxiv.org/abs/2305.14314, section 3.
 */
export function quantiseScales(values: Float32Array): QuantisedScales {
  const mean = Math.fround(values.reduce((sum, value) => sum + value, 0) / values.length);
  const blocks = blockCount(values.length, SCALE_BLOCK);
  const scales = new Float32Array(blocks);
  const map = dynamicMap(true);
  const codes = new Uint8Array(blocks * SCALE_BLOCK).fill(nearestIndex(map, 0));
  const rest = values.map((value) => value - mean);
  for (let block = 0; block < blocks; block++) {
    const start = block * SCALE_BLOCK;
    const part = rest.subarray(start, start + SCALE_BLOCK);
    const scale = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    scales[block] = scale;
    if (scale === 0) continue;
    for (const [i, value] of part.entries())
      codes[start + i] = nearestIndex(map, Math.fround(value / scale));
  }
  return { codes, scales, mean };
}

/** The scales, as near as eight bits hold them. */
export function dequantiseScales({ codes, scales, mean }: QuantisedScales): Float32Array {
  const map = dynamicMap(true);
  return Float32Array.from(
    codes,
    (code, i) => Math.fround((map[code] ?? 0) * (scales[Math.floor(i / SCALE_BLOCK)] ?? 0)) + mean,
  );
}
