import { floatToHalf, halfToFloat } from '../../files/float-conversion.js';
import { GGUF_LAYOUT } from '../gguf-type.js';
import { fitGroup, GROUP } from './fit-group.js';

const { blockSize: SIZE, blockBytes: BYTES } = GGUF_LAYOUT.q4_k;
const GROUPS = SIZE / GROUP;

/**
 * Super-blocks of 8 groups of 32 four-bit numbers q: value = d · s · q − e · m, with d and e float16, and s and m six-bit
 * numbers of the group.
 *
 * @see llama.cpp, `quantize_row_q4_K_ref`
 */
export function quantizeQ4K(values: Float32Array): Uint8Array {
  const blocks = values.length / SIZE;
  const scales = new Float32Array(blocks * GROUPS);
  const offsets = new Float32Array(blocks * GROUPS);
  const levels = new Uint8Array(values.length);
  for (let group = 0; group < scales.length; group++) {
    const at = group * GROUP;
    const fit = fitGroup(values.subarray(at, at + GROUP), levels.subarray(at, at + GROUP));
    scales[group] = fit.scale;
    offsets[group] = fit.offset;
  }
  const largest = (of: Float32Array): Float32Array =>
    Float32Array.from({ length: blocks }, (_, block) =>
      of.subarray(block * GROUPS, (block + 1) * GROUPS).reduce((a, b) => Math.max(a, b), 0),
    );
  const [tops, depths] = [largest(scales), largest(offsets)];
  const [d, e] = [floatToHalf(tops.map(over63)), floatToHalf(depths.map(over63))];
  const [units, steps] = [halfToFloat(d), halfToFloat(e)];

  const out = new Uint8Array(blocks * BYTES);
  const view = new DataView(out.buffer);
  for (let block = 0; block < blocks; block++) {
    const start = block * BYTES;
    view.setUint16(start, d[block] ?? 0, true);
    view.setUint16(start + 2, e[block] ?? 0, true);
    const sixBits = (of: Float32Array, top: number): number[] => {
      const inverse = top > 0 ? 63 / top : 0;
      return Array.from({ length: GROUPS }, (_, group) =>
        Math.min(63, Math.round(inverse * (of[block * GROUPS + group] ?? 0))),
      );
    };
    const s = sixBits(scales, tops[block] ?? 0);
    const m = sixBits(offsets, depths[block] ?? 0);
    packScales(s, m, out.subarray(start + 4, start + 16));
    for (let group = 0; group < GROUPS; group++) {
      const scale = (units[block] ?? 0) * (s[group] ?? 0);
      if (scale === 0) continue;
      const offset = (steps[block] ?? 0) * (m[group] ?? 0);
      const at = (block * GROUPS + group) * GROUP;
      for (let i = at; i < at + GROUP; i++)
        levels[i] = clamp(Math.round(((values[i] ?? 0) + offset) / scale));
    }
    packLevels(levels.subarray(block * SIZE, (block + 1) * SIZE), out.subarray(start + 16));
  }
  return out;
}

function over63(value: number): number {
  return value / 63;
}

function clamp(level: number): number {
  return Math.max(0, Math.min(15, level));
}

/** Twelve bytes: the six bits of groups 0–3 whole, those of 4–7 as four bits and, above the first ones, two bits. */
function packScales(s: readonly number[], m: readonly number[], out: Uint8Array): void {
  for (let group = 0; group < 4; group++) {
    const [low, high] = [s[group] ?? 0, s[group + 4] ?? 0];
    const [lowOffset, highOffset] = [m[group] ?? 0, m[group + 4] ?? 0];
    out[group] = low | ((high >> 4) << 6);
    out[group + 4] = lowOffset | ((highOffset >> 4) << 6);
    out[group + 8] = (high & 15) | ((highOffset & 15) << 4);
  }
}

/** Two groups share 32 bytes: the first in the low halves, the second in the high ones. */
function packLevels(levels: Uint8Array, out: Uint8Array): void {
  for (let pair = 0; pair < SIZE; pair += 2 * GROUP)
    for (let i = 0; i < GROUP; i++)
      out[pair / 2 + i] = (levels[pair + i] ?? 0) | ((levels[pair + GROUP + i] ?? 0) << 4);
}
