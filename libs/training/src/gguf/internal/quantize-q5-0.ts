import { floatToHalf } from '../../files/float-conversion.js';
import { GGUF_LAYOUT } from '../gguf-type.js';

const { blockSize: SIZE, blockBytes: BYTES } = GGUF_LAYOUT.q5_0;
const HALF = SIZE / 2;

/** Blocks of 32 five-bit numbers around 16 and one float16 scale, with which the largest magnitude becomes −16. */
export function quantizeQ50(values: Float32Array): Uint8Array {
  const blocks = values.length / SIZE;
  const scales = new Float32Array(blocks);
  const out = new Uint8Array(blocks * BYTES);
  const view = new DataView(out.buffer);
  for (let block = 0; block < blocks; block++) {
    const x = values.subarray(block * SIZE, (block + 1) * SIZE);
    let extreme = 0;
    for (const value of x) if (Math.abs(value) > Math.abs(extreme)) extreme = value;
    const scale = Math.fround(extreme / -16);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    scales[block] = scale;
    const five = (i: number): number =>
      Math.min(31, Math.trunc(Math.fround(Math.fround((x[i] ?? 0) * inverse) + 16.5)));
    let high = 0;
    for (let i = 0; i < HALF; i++) {
      const [low, up] = [five(i), five(i + HALF)];
      out[block * BYTES + 6 + i] = (low & 15) | ((up & 15) << 4);
      high |= ((low >> 4) << i) | ((up >> 4) << (i + HALF));
    }
    view.setUint32(block * BYTES + 2, high >>> 0, true);
  }
  floatToHalf(scales).forEach((bits, block) => {
    view.setUint16(block * BYTES, bits, true);
  });
  return out;
}
