import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { halfToFloat } from '../../files/float-conversion.js';
import { ggufBytes } from '../gguf-type.js';
import { encodeTensor } from './encode-tensor.js';

/** Made by `scripts/make-gguf-fixtures.py` with llama.cpp's own library. */
const { values, blocks } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../__fixtures__/gguf/blocks.json'), 'utf8'),
) as {
  values: string;
  blocks: Record<'f16' | 'q8_0' | 'q5_0' | 'q4_k', { bytes: string; squared_error: number }>;
};
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const x = new Float32Array(bytesOf(values).buffer);

/** The values of blocks of `q4_k`, by the format's description. */
function restore(bytes: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at += 144) {
    const block = bytes.subarray(at, at + 144);
    const [d = 0, e = 0] = halfToFloat(new Uint16Array(block.slice(0, 4).buffer));
    const six = block.subarray(4, 16);
    for (let group = 0; group < 8; group++) {
      const [low = 0, mid = 0, high = 0] = [
        six[group % 4],
        six[4 + (group % 4)],
        six[8 + group - 4],
      ];
      const [s, m] =
        group < 4
          ? [low & 63, mid & 63]
          : [(high & 15) | ((low >> 6) << 4), (high >> 4) | ((mid >> 6) << 4)];
      for (let i = 0; i < 32; i++) {
        const pair = block[16 + 32 * (group >> 1) + i] ?? 0;
        out.push(d * s * (group % 2 === 0 ? pair & 15 : pair >> 4) - e * m);
      }
    }
  }
  return out;
}

const squaredError = (found: readonly number[]): number =>
  found.reduce((sum, value, i) => sum + (value - (x[i] ?? 0)) ** 2, 0);

describe('encodeTensor', () => {
  it.each(['f16', 'q8_0', 'q5_0'] as const)('stores what llama.cpp stores: %s', (type) => {
    const found = encodeTensor(type, x);
    expect(found.length).toBe(ggufBytes(type, [x.length]));
    expect(Buffer.from(found).equals(bytesOf(blocks[type].bytes))).toBe(true);
  });

  it('is as near to the values as llama.cpp in q4_k', () => {
    const { bytes, squared_error: theirs } = blocks.q4_k;
    expect(squaredError(restore(bytesOf(bytes)))).toBeCloseTo(theirs, 6);
    const found = encodeTensor('q4_k', x);
    expect(found.length).toBe(bytesOf(bytes).length);
    expect(squaredError(restore(found))).toBeLessThan(1.03 * theirs);
  });

  it('stores float32 as it is', () => {
    expect(encodeTensor('f32', Float32Array.of(1, -2))).toEqual(
      new Uint8Array(Float32Array.of(1, -2).buffer),
    );
  });
});
