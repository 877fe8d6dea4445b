import type { QuantisedFormat, TensorData, TensorDType, TensorState } from '@espalier/core';
import { bfloatToFloat, halfToFloat } from '../files/float-conversion.js';
import { dynamicMap } from '../quantise/dynamic-map.js';
import { dequantiseBlocks } from '../quantise/dequantise-blocks.js';
import { quantiseBlocks, blockCount } from '../quantise/quantise-blocks.js';
import { quantiseScales, SCALE_BLOCK } from '../quantise/quantise-scales.js';
import { add, cast, mul } from '../tensor/elementwise.js';
import { reshape, slice } from '../tensor/layout.js';
import { gather } from '../tensor/network.js';
import { after, dequantise } from '../tensor/storage.js';
import type { Tensor, Trace } from '../tensor/trace.js';

/** How a weight that is not trained is kept in few bits. */
export interface QuantisedStorage {
  readonly kind: QuantisedFormat;
  /** Values, in row-major order, that share a scale; an even number. */
  readonly blockSize: number;
  /** Whether the scales are kept in eight bits themselves. */
  readonly isDouble: boolean;
}

/** How a weight is kept in the 16 bits of its file. */
export interface HalfStorage {
  readonly kind: 'float16' | 'bfloat16';
}

/** How a weight is kept that is not float32. */
export type WeightStorage = HalfStorage | QuantisedStorage;

/** Whether a weight is kept in 16 bits. */
export function isHalfStorage(storage: WeightStorage): storage is HalfStorage {
  return storage.kind === 'float16' || storage.kind === 'bfloat16';
}

const PARTS = {
  codes: ':codes',
  scales: ':scales',
  scaleCodes: ':scale-codes',
  scaleScales: ':scale-scales',
  scaleMean: ':scale-mean',
} as const;

const countOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** The states that keep a quantised weight, by name. */
export function quantisedStates(
  name: string,
  values: Float32Array,
  { kind, blockSize, isDouble }: QuantisedStorage,
): [string, TensorData][] {
  const { codes, scales } = quantiseBlocks(values, { format: kind, blockSize });
  const blocks = scales.length;
  const code: TensorData = {
    dtype: kind === 'int8' ? 'int8' : 'uint8',
    shape: [blocks, codes.length / blocks],
    data: codes,
  };
  const floats = (data: Float32Array, shape: readonly number[] = [data.length]): TensorData => ({
    dtype: 'float32',
    shape,
    data,
  });
  if (!isDouble)
    return [
      [`${name}${PARTS.codes}`, code],
      [`${name}${PARTS.scales}`, floats(scales)],
    ];
  const double = quantiseScales(scales);
  return [
    [`${name}${PARTS.codes}`, code],
    [
      `${name}${PARTS.scaleCodes}`,
      {
        dtype: 'uint8',
        shape: [double.scales.length, SCALE_BLOCK],
        data: double.codes,
      },
    ],
    [`${name}${PARTS.scaleScales}`, floats(double.scales)],
    [`${name}${PARTS.scaleMean}`, floats(Float32Array.of(double.mean), [])],
  ];
}

/** The values that a quantised weight stands for. */
export function roundValues(
  values: Float32Array,
  { kind: format, blockSize, isDouble }: QuantisedStorage,
): Float32Array {
  const { codes, scales: plain } = quantiseBlocks(values, { format, blockSize });
  const scales = isDouble ? quantiseScales(plain) : plain;
  return dequantiseBlocks({ codes, scales, format, blockSize, count: values.length });
}

/** Traces a weight of a storage as float32; computed no sooner than `gate`, so that it is in memory for its use alone. */
export function traceStored(
  trace: Trace,
  name: string,
  shape: readonly number[],
  { storage, gate }: { readonly storage: WeightStorage; readonly gate: Tensor | undefined },
): Tensor {
  const held = (x: Tensor): Tensor => (gate === undefined ? x : after(x, gate));
  if (isHalfStorage(storage))
    return cast(held(trace.state(name, { dtype: storage.kind, shape })), 'float32');
  const { kind, blockSize } = storage;
  const count = countOf(shape);
  const blocks = blockCount(count, blockSize);
  const codes = trace.state(`${name}${PARTS.codes}`, {
    dtype: kind === 'int8' ? 'int8' : 'uint8',
    shape: [blocks, kind === 'int8' ? blockSize : blockSize / 2],
  });
  const scales = held(traceScales(trace, name, blocks, storage));
  // Levels of four-bit codes are looked up before they are scaled, and must wait themselves: a runtime would keep what it looked
  // up once, as float32, for all that use it.
  const flat = dequantise(kind === 'int8' ? codes : held(codes), scales, kind);
  if (blocks * blockSize === count) return reshape(flat, shape);
  return reshape(slice(reshape(flat, [-1]), 0, 0, count), shape);
}

function traceScales(
  trace: Trace,
  name: string,
  blocks: number,
  { isDouble }: QuantisedStorage,
): Tensor {
  const state = (part: string, shape: readonly number[], dtype: TensorDType = 'float32'): Tensor =>
    trace.state(`${name}${part}`, { dtype, shape });
  if (!isDouble) return state(PARTS.scales, [blocks]);
  const groups = blockCount(blocks, SCALE_BLOCK);
  const codes = state(PARTS.scaleCodes, [groups, SCALE_BLOCK], 'uint8');
  const map = trace.constant({ dtype: 'float32', shape: [256], data: dynamicMap(true) });
  const levels = gather(map, cast(codes, 'int32'));
  const all = mul(levels, reshape(state(PARTS.scaleScales, [groups]), [groups, 1]));
  return add(slice(reshape(all, [-1]), 0, 0, blocks), state(PARTS.scaleMean, []));
}

/** Reads a weight back as float32. */
export async function readStored(
  state: Pick<TensorState, 'read'>,
  name: string,
  { shape, storage }: { readonly shape: readonly number[]; readonly storage?: WeightStorage },
): Promise<TensorData> {
  if (storage === undefined) return state.read(name);
  if (isHalfStorage(storage)) {
    const bits = (await state.read(name)).data as Uint16Array;
    const data = storage.kind === 'float16' ? halfToFloat(bits) : bfloatToFloat(bits);
    return { dtype: 'float32', shape, data };
  }
  const part = async (suffix: string): Promise<TensorData['data']> =>
    (await state.read(`${name}${suffix}`)).data;
  const codes = (await part(PARTS.codes)) as Int8Array | Uint8Array;
  const scales = storage.isDouble
    ? {
        codes: (await part(PARTS.scaleCodes)) as Uint8Array,
        scales: (await part(PARTS.scaleScales)) as Float32Array,
        mean: Number((await part(PARTS.scaleMean))[0]),
      }
    : ((await part(PARTS.scales)) as Float32Array);
  const data = dequantiseBlocks({
    codes,
    scales,
    format: storage.kind,
    blockSize: storage.blockSize,
    count: countOf(shape),
  });
  return { dtype: 'float32', shape, data };
}
