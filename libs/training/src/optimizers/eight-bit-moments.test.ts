import { createSeededRandom, type TensorData } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createJsBackend } from '../backends/create-js-backend.js';
import { createOnnxBackend } from '../onnx/create-onnx-backend.js';
import { dynamicMap, nearestIndex } from '../quantise/dynamic-map.js';
import { createTrace } from '../tensor/trace.js';
import { createTfjsBackend } from '../tfjs/create-tfjs-backend.js';
import { eightBitStates, readEightBit, updateEightBit } from './eight-bit-moments.js';

const COUNT = 5000;

/** Numbers of all sizes, a block of zeros, and exact extremes among them. */
function spread(isSigned: boolean): Float32Array {
  const random = createSeededRandom(5);
  const values = Float32Array.from({ length: COUNT }, () => {
    const size = 10 ** (-8 * random.next());
    return isSigned && random.next() < 0.5 ? -size : size;
  });
  values.fill(0, 512, 768);
  values.set(isSigned ? [-1, 1, -0.999, 0.998, 2e-7, -2e-7, 0] : [1, 0.999, 0.998, 2e-7, 0], 0);
  return values;
}

describe.each([
  ['js', createJsBackend],
  ['onnx', createOnnxBackend],
  ['tfjs', () => createTfjsBackend({ kernels: 'wasm' })],
] as const)('a moment in eight bits on %s', (_name, create) => {
  it.each([true, false])('is rounded to the nearest numbers; signed: %s', async (isSigned) => {
    const shape = [COUNT / 10, 10];
    const data = spread(isSigned);
    const value: TensorData = { dtype: 'float32', shape, data };
    const backend = await create();
    const [[, codes], [, scales]] = eightBitStates('m', shape) as [
      [string, Omit<TensorData, 'data'>],
      [string, Omit<TensorData, 'data'>],
    ];
    const blocks = scales.shape[0] ?? 0;
    const state = await backend.createState({
      m: { ...codes, data: new Uint8Array(blocks * 256) },
      'm:scales': { ...scales, data: new Float32Array(blocks) },
    });
    const trace = createTrace();
    trace.output('before', readEightBit(trace, 'm', { shape, isSigned }));
    updateEightBit('m', trace.feed('value', value), isSigned);
    const program = await backend.compile(trace.finish(), { state });
    const { before } = await program.step({ value });
    expect(before?.data.every((one) => Math.abs(one) === 0)).toBe(true);
    const found = (await state.read('m')).data;
    const map = dynamicMap(isSigned);
    for (let block = 0; block < blocks; block++) {
      const part = data.subarray(block * 256, (block + 1) * 256);
      const scale = part.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      for (const [i, one] of part.entries()) {
        const share = scale === 0 ? 0 : Math.fround(one / scale);
        const code = found[block * 256 + i] ?? 0;
        const best = Math.abs((map[nearestIndex(map, share)] ?? 0) - share);
        // Half-way between two numbers either will do.
        expect(Math.abs((map[code] ?? 0) - share)).toBeLessThanOrEqual(best + 1e-7);
      }
    }
    await program.dispose();
    await backend.dispose();
  });
});
