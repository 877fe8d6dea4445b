import { floatToHalf } from '../../files/float-conversion.js';
import { GGUF_LAYOUT } from '../gguf-type.js';

const { blockSize: SIZE, blockBytes: BYTES } = GGUF_LAYOUT.q8_0;

/** Blocks of 32 whole numbers from −127 to 127 and one float16 scale, the largest magnitude / 127. */
export function quantizeQ80(values: Float32Array): Uint8Array {
  const blocks = values.length / SIZE;
  const scales = new Float32Array(blocks);
  const out = new Uint8Array(blocks * BYTES);
  for (let block = 0; block < blocks; block++) {
    const x = values.subarray(block * SIZE, (block + 1) * SIZE);
    let largest = 0;
    for (const value of x) largest = Math.max(largest, Math.abs(value));
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    scales[block] = scale;
    for (let i = 0; i < SIZE; i++) {
      const scaled = Math.fround((x[i] ?? 0) * inverse);
      // Halves go away from zero, as C's roundf does.
      out[block * BYTES + 2 + i] = Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5);
    }
  }
  const view = new DataView(out.buffer);
  floatToHalf(scales).forEach((bits, block) => {
    view.setUint16(block * BYTES, bits, true);
  });
  return out;
}
