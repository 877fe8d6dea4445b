import type { TensorBackend, TensorData, TensorGraph } from '@espalier/core';
import { expect, it } from 'vitest';
import { createProgramWriter } from './tensor-program.js';

const vector = (...data: number[]): TensorData => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
});

/** w ← w + change; gives what w was, twice over. */
function adder(): TensorGraph {
  const writer = createProgramWriter();
  const w = writer.state('w', [2]);
  const change = writer.feed('change', { dtype: 'float32', shape: [2] });
  writer.update('w', writer.apply({ kind: 'add' }, [w, change], [2]));
  writer.output('before', writer.apply({ kind: 'add' }, [w, w], [2]));
  return writer.finish();
}

/** The places of a vector from last to first. */
function order({ shape: [length = 0] }: TensorData): TensorData {
  return {
    dtype: 'int32',
    shape: [length],
    data: Int32Array.from({ length }, (_, i) => length - 1 - i),
  };
}

/** Gives w as it is. */
function reader(): TensorGraph {
  const writer = createProgramWriter();
  writer.output('now', writer.apply({ kind: 'detach' }, [writer.state('w', [2])], [2]));
  return writer.finish();
}

/** Declares the tests of what a backend keeps between steps. */
export function describeTensorStateConformance(backend: () => TensorBackend): void {
  it('says who it is', () => {
    expect(backend()).toMatchObject({
      specificationVersion: 'v1',
      id: expect.stringMatching(/./u) as unknown,
      description: expect.stringMatching(/./u) as unknown,
    });
  });

  it('reads states before a step and updates them after it, for all programs that share them', async () => {
    const state = await backend().createState({ w: vector(1, 2) });
    const add = await backend().compile(adder(), { state });
    const read = await backend().compile(reader(), { state });
    const first = await add.step({ change: vector(10, 20) });
    expect([...(first['before']?.data ?? [])]).toEqual([2, 4]);
    expect([...((await read.step({}))['now']?.data ?? [])]).toEqual([11, 22]);
    await add.step({ change: vector(1, 1) });
    await add.step({ change: vector(1, 1) });
    expect([...((await read.step({}))['now']?.data ?? [])]).toEqual([13, 24]);
    expect([...(await state.read('w')).data]).toEqual([13, 24]);
    await add.dispose();
    await read.dispose();
    await state.dispose();
  });

  it('keeps copies: what is given or read may be changed', async () => {
    const initial = vector(1, 2);
    const state = await backend().createState(new Map([['w', initial]]));
    const add = await backend().compile(adder(), { state });
    const copy = await state.read('w');
    copy.data[0] = 99;
    const written = vector(5, 6);
    await state.write('w', written);
    written.data[0] = 99;
    const result = await add.step({ change: vector(1, 1) });
    expect([...(result['before']?.data ?? [])]).toEqual([10, 12]);
    await add.step({ change: vector(1, 1) });
    expect([...(result['before']?.data ?? [])]).toEqual([10, 12]);
    expect([...(await state.read('w')).data]).toEqual([7, 8]);
    await state.write('other', vector(3));
    expect([...state.names].sort()).toEqual(['other', 'w']);
    await state.dispose();
  });

  it('refuses feeds that the program does not declare so, and changes no state', async () => {
    const state = await backend().createState({ w: vector(1, 2) });
    const add = await backend().compile(adder(), { state });
    const wrong: Record<string, TensorData>[] = [
      {},
      { change: vector(1, 2, 3) },
      { change: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) } },
      { change: { dtype: 'float32', shape: [2], data: Float32Array.of(1) } },
    ];
    for (const feeds of wrong)
      await expect(add.step(feeds)).rejects.toMatchObject({
        message: expect.stringContaining('change') as unknown,
      });
    expect([...(await state.read('w')).data]).toEqual([1, 2]);
    await state.dispose();
  });

  it('refuses a state that is not there', async () => {
    const state = await backend().createState({});
    const read = await backend().compile(reader(), { state });
    await expect(read.step({})).rejects.toThrow('w');
    await expect(state.read('w')).rejects.toThrow('w');
    await state.dispose();
  });

  it('keeps values of the types that only store, and what a step makes of them', async () => {
    const values: TensorData[] = [
      { dtype: 'uint8', shape: [7], data: Uint8Array.of(0, 1, 127, 128, 200, 254, 255) },
      { dtype: 'int8', shape: [7], data: Int8Array.of(-128, -127, -1, 0, 1, 126, 127) },
      { dtype: 'float16', shape: [3], data: Uint16Array.of(0x3c00, 0xc000, 0x0001) },
      { dtype: 'bfloat16', shape: [3], data: Uint16Array.of(0x3f80, 0xc000, 0x3eab) },
    ];
    for (const value of values) {
      const state = await backend().createState({ w: value });
      expect(await state.read('w')).toEqual(value);
      const writer = createProgramWriter();
      const w = writer.state('w', value.shape, value.dtype);
      const flipped = writer.node(
        { kind: 'gather' },
        [w, writer.feed('order', order(value))],
        [value],
      );
      writer.update('w', flipped[0] ?? 0);
      const program = await backend().compile(writer.finish(), { state });
      await program.step({ order: order(value) });
      expect(await state.read('w')).toEqual({ ...value, data: value.data.slice().reverse() });
      await program.step({ order: order(value) });
      expect(await state.read('w')).toEqual(value);
      await program.dispose();
      await state.dispose();
    }
  });

  it('gives the same bits for the same step', async () => {
    const bits = async (): Promise<number[]> => {
      const state = await backend().createState({ w: vector(0.1, 0.2) });
      const add = await backend().compile(adder(), { state });
      for (let step = 0; step < 5; step++) await add.step({ change: vector(0.3, 1 / 3) });
      const { data } = await state.read('w');
      await add.dispose();
      await state.dispose();
      return [...data];
    };
    expect(await bits()).toEqual(await bits());
  });
}
