import type { TensorData, TensorState } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { add, mul } from '../tensor/elementwise.js';
import { sumAll } from '../tensor/layout.js';
import { createTrace } from '../tensor/trace.js';
import { createOnnxBackend } from './create-onnx-backend.js';

const floats = (data: readonly number[]): TensorData => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
});
/** x ← x · factor + y, y ← y + 1; the sum of x before. */
function stepGraph(size: number) {
  const trace = createTrace();
  const type = { dtype: 'float32', shape: [size] } as const;
  const [x, y] = [trace.state('x', type), trace.state('y', type)];
  const factor = trace.feed('factor', { dtype: 'float32', shape: [] });
  trace.output('sum', sumAll(x));
  trace.update('x', add(mul(x, factor), y));
  trace.update('y', add(y, 1));
  return trace.finish();
}
const factor: TensorData = { dtype: 'float32', shape: [], data: Float32Array.of(2) };
const read = async (state: TensorState, name: string): Promise<number[]> => [
  ...(await state.read(name)).data,
];

describe('states that are updated in place', () => {
  it('are read, written and shared by programs, also when their memory has grown', async () => {
    const backend = await createOnnxBackend();
    const state = await backend.createState({ x: floats([1, 2, 3]), y: floats([10, 20, 30]) });
    const program = await backend.compile(stepGraph(3), { state });
    expect((await program.step({ factor })).sum?.data[0]).toBe(6);
    expect(await read(state, 'x')).toEqual([12, 24, 36]);
    expect(await read(state, 'y')).toEqual([11, 21, 31]);

    await state.write('x', floats([0, 0, 1]));
    await state.write('big', floats(new Array<number>(100_000).fill(1)));
    const trace = createTrace();
    const big = trace.state('big', { dtype: 'float32', shape: [100_000] });
    const x = trace.state('x', { dtype: 'float32', shape: [3] });
    trace.output('sum', add(sumAll(big), sumAll(x)));
    trace.update('big', mul(big, 3));
    const other = await backend.compile(trace.finish(), { state });
    expect((await other.step({})).sum?.data[0]).toBe(100_001);
    expect((await read(state, 'big')).every((value) => value === 3)).toBe(true);

    expect((await program.step({ factor })).sum?.data[0]).toBe(1);
    expect(await read(state, 'x')).toEqual([11, 21, 33]);
    await backend.dispose();
  });

  it('are found again after they were given another size and back', async () => {
    const backend = await createOnnxBackend();
    const state = await backend.createState({ x: floats([1, 2, 3]), y: floats([1, 1, 1]) });
    const program = await backend.compile(stepGraph(3), { state });
    await program.step({ factor });
    await state.write('x', floats([1]));
    await expect(program.step({ factor })).rejects.toMatchObject({
      code: 'ERR_TRAINING_FEED_MISMATCH',
    });
    expect(await read(state, 'y')).toEqual([2, 2, 2]);
    await state.write('x', floats([5, 5, 5]));
    await program.step({ factor });
    expect(await read(state, 'x')).toEqual([12, 12, 12]);
    await backend.dispose();
  });
});
