import type { QuantisedFormat } from '@espalier/core';
import { quantisedLevels } from './quantised-levels.js';
import { dequantiseScales, type QuantisedScales } from './quantise-scales.js';

/** The values that blocks in few bits stand for. */
export function dequantiseBlocks(options: {
  readonly codes: Int8Array | Uint8Array;
  readonly scales: Float32Array | QuantisedScales;
  readonly format: QuantisedFormat;
  readonly blockSize: number;
  readonly count: number;
}): Float32Array {
  const { codes, format, blockSize, count } = options;
  const scales =
    options.scales instanceof Float32Array ? options.scales : dequantiseScales(options.scales);
  const levels = format === 'int8' ? undefined : quantisedLevels(format);
  return Float32Array.from({ length: count }, (_, i) => {
    const scale = scales[Math.floor(i / blockSize)] ?? 0;
    if (levels === undefined) return (codes[i] ?? 0) * scale;
    const byte = codes[i >> 1] ?? 0;
    return (levels[i % 2 === 0 ? byte >> 4 : byte & 15] ?? 0) * scale;
  });
}
