import type { QuantisedFormat } from '@espalier/core';
import { nearestIndex } from './dynamic-map.js';
import { quantisedLevels } from './quantised-levels.js';

/** A weight in few bits. */
export interface QuantisedBlocks {
  /** As the operation `dequantise` takes them; the last block is filled up with zeros. */
  readonly codes: Int8Array | Uint8Array;
  /** One for each block. */
  readonly scales: Float32Array;
}

/** How many blocks hold so many values. */
export function blockCount(count: number, blockSize: number): number {
  return Math.ceil(count / blockSize);
}

/**
 * Rounds each block of a weight, in row-major order, to the nearest of a format's levels.
 *
 * `int8` scales by the largest magnitude / 127; `nf4` by the largest magnitude, as bitsandbytes does; `int4` by the value of
 * the largest magnitude / −8, so that it takes the one level that has no counterpart, as GGUF's Q4_0 does.
 */
export function quantiseBlocks(
  values: Float32Array,
  { format, blockSize }: { readonly format: QuantisedFormat; readonly blockSize: number },
): QuantisedBlocks {
  const blocks = blockCount(values.length, blockSize);
  const scales = new Float32Array(blocks);
  const codes =
    format === 'int8'
      ? new Int8Array(blocks * blockSize)
      : new Uint8Array((blocks * blockSize) / 2);
  const encode = format === 'int8' ? undefined : encoderOf(format);
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize;
    const extreme = extremeOf(values, start, Math.min(start + blockSize, values.length));
    const scale = Math.fround(scaleOf(format, extreme));
    scales[block] = scale;
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let i = start; i < start + blockSize; i++) {
      const value = (values[i] ?? 0) * inverse;
      if (encode === undefined) codes[i] = roundEven(value);
      else codes[i >> 1] = (codes[i >> 1] ?? 0) | (encode(value) << (i % 2 === 0 ? 4 : 0));
    }
  }
  return { codes, scales };
}

/** The value of the largest magnitude. */
function extremeOf(values: Float32Array, start: number, end: number): number {
  let extreme = 0;
  for (let i = start; i < end; i++) {
    const value = values[i] ?? 0;
    if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  }
  return extreme;
}

function scaleOf(format: QuantisedFormat, extreme: number): number {
  if (format === 'int4') return extreme / -8;
  return Math.abs(extreme) / (format === 'int8' ? 127 : 1);
}

function encoderOf(format: 'int4' | 'nf4'): (value: number) => number {
  if (format === 'int4') return (value) => Math.min(15, Math.floor(value + 8.5));
  const levels = quantisedLevels('nf4');
  return (value) => nearestIndex(levels, value);
}

function roundEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
