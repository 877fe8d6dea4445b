import type { TensorType } from '@espalier/core';
import { dynamicMap } from '../quantise/dynamic-map.js';
import { blockCount } from '../quantise/quantise-blocks.js';
import { abs, add, cast, div, less, maximum, minimum, mul, sign } from '../tensor/elementwise.js';
import { max, pad, reshape, slice } from '../tensor/layout.js';
import { gather } from '../tensor/network.js';
import type { Tensor, Trace } from '../tensor/trace.js';

const BLOCK = 256;
/** Smaller tensors keep their moments in float32, as in bitsandbytes. */
const LEAST_VALUES = 4096;
/** Embeddings keep theirs too, as the paper advises: their gradients are far from even. */
const EMBEDDINGS = /embed|wte|wpe/u;
/** Below every number of the dynamic type; a block of zeros is divided by it. */
const TINY = 1e-30;
const DECADES = 7;
const NEGATIVES = 127;

const countOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Whether a weight's moments are kept in eight bits. */
export function hasEightBitMoments(name: string, shape: readonly number[]): boolean {
  return countOf(shape) >= LEAST_VALUES && !EMBEDDINGS.test(name);
}

/** The states of one moment, by name. */
export function eightBitStates(moment: string, shape: readonly number[]): [string, TensorType][] {
  const blocks = blockCount(countOf(shape), BLOCK);
  return [
    [moment, { dtype: 'uint8', shape: [blocks, BLOCK] }],
    [`${moment}:scales`, { dtype: 'float32', shape: [blocks] }],
  ];
}

/** A moment as float32. */
export function readEightBit(
  trace: Trace,
  moment: string,
  { shape, isSigned }: { readonly shape: readonly number[]; readonly isSigned: boolean },
): Tensor {
  const [[, codeType], [, scaleType]] = eightBitStates(moment, shape) as [
    [string, TensorType],
    [string, TensorType],
  ];
  const codes = cast(trace.state(moment, codeType), 'int32');
  const scales = reshape(trace.state(`${moment}:scales`, scaleType), [-1, 1]);
  const map = trace.constant({ dtype: 'float32', shape: [256], data: dynamicMap(isSigned) });
  const flat = reshape(mul(gather(map, codes), scales), [-1]);
  return reshape(slice(flat, 0, 0, countOf(shape)), shape);
}

/**
 * Rounds each block of a moment, by its largest magnitude, to the nearest numbers of the dynamic eight-bit type.
 *
 * @see https://arxiv.org/abs/2110.02861, sections 2 and 2.1.
 */
export function updateEightBit(moment: string, value: Tensor, isSigned: boolean): void {
  const { trace } = value;
  const count = countOf(value.shape);
  const blocks = blockCount(count, BLOCK);
  const padded = pad(reshape(value, [count]), 0, 0, blocks * BLOCK - count);
  const rows = reshape(padded, [blocks, BLOCK]);
  const size = isSigned ? abs(rows) : rows;
  const scales = max(size, [1]);
  const rank = rankOf(div(size, maximum(scales, TINY)), isSigned);
  // The number 1 has no counterpart below zero.
  const code = isSigned ? maximum(add(mul(sign(rows), rank), NEGATIVES), 0) : rank;
  trace.update(moment, cast(code, 'uint8'));
  trace.update(`${moment}:scales`, reshape(scales, [blocks]));
}

/** How many numbers of the type lie below the one that is nearest to a share from 0 to 1, zero among them. */
function rankOf(share: Tensor, isSigned: boolean): Tensor {
  const { bounds, factors, offsets, limits } = decadeTables(isSigned);
  const { trace } = share;
  const table = (data: readonly number[]): Tensor =>
    trace.constant({ dtype: 'float32', shape: [data.length], data: Float32Array.from(data) });
  const place = bounds
    .map((bound) => cast(less(share, bound), 'float32'))
    .reduce((sum, isBelow) => add(sum, isBelow));
  const index = cast(place, 'int32');
  const exact = add(mul(share, gather(table(factors), index)), gather(table(offsets), index));
  const whole = cast(cast(exact, 'int32'), 'float32');
  return minimum(whole, gather(table(limits), index));
}

/**
 * What ranks are computed by. A share below k of the bounds is the number 1 (k = 0), one of the parts of a decade, from the
 * highest down, or 0 (k = 8): of each the line that the parts lie on and the highest rank.
 */
function decadeTables(isSigned: boolean): {
  readonly bounds: readonly number[];
  readonly factors: readonly number[];
  readonly offsets: readonly number[];
  readonly limits: readonly number[];
} {
  const decades = Array.from({ length: DECADES }, (_, decade) => {
    const parts = 2 ** (isSigned ? decade : decade + 1);
    const unit = 10 ** (decade - DECADES + 1);
    const before = parts - (isSigned ? 1 : 2);
    const middle = (part: number): number => (0.1 + (0.9 * (part + 0.5)) / parts) * unit;
    return {
      lowest: middle(0),
      highest: middle(parts - 1),
      factor: parts / (0.9 * unit),
      offset: 1 + before - parts / 9,
      limit: before + parts,
    };
  });
  const ends = [0, ...decades.map(({ highest }) => highest)];
  const starts = [...decades.map(({ lowest }) => lowest), 1];
  const total = decades.at(-1)?.limit ?? 0;
  const descending = decades.toReversed();
  return {
    bounds: starts.map((start, i) => (start + (ends[i] ?? 0)) / 2),
    factors: [0, ...descending.map(({ factor }) => factor), 0],
    offsets: [total + 1, ...descending.map(({ offset }) => offset), 0],
    limits: [total + 1, ...descending.map(({ limit }) => limit), 0],
  };
}
