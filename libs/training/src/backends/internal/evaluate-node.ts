import type {
  TensorData,
  TensorDType,
  TensorOperation,
  TensorType,
  TensorValues,
} from '@espalier/core';
import {
  bfloatToFloat,
  floatToBfloat,
  floatToHalf,
  halfToFloat,
} from '../../files/float-conversion.js';
import { quantisedPairs } from '../../quantise/quantised-levels.js';
import { BINARY, UNARY } from './scalar-functions.js';
import { broadcastStrides, countOf, stridesOf, walk } from './strides.js';
import { zeros } from './zeros.js';

type Values = TensorValues;

/** Computes one node; the types of its results are known from the graph. */
export function evaluateNode(
  operation: TensorOperation,
  inputs: readonly TensorData[],
  types: readonly TensorType[],
): TensorData[] {
  const results = types.map(({ dtype, shape }) => ({
    dtype,
    shape,
    data: zeros(dtype, countOf(shape)),
  }));
  const [y] = results;
  const [a, b] = inputs;
  if (y === undefined || a === undefined) return results;
  const out = y.data;
  switch (operation.kind) {
    case 'detach':
    case 'after':
    case 'reshape':
      out.set(a.data);
      break;
    case 'cast':
      cast(operation.to, a, out);
      break;
    case 'dequantise':
      if (b !== undefined) dequantise(operation.format, a, b, y);
      break;
    case 'expand':
      copyStrided(out, a.data, y.shape, broadcastStrides(a.shape, y.shape), 0);
      break;
    case 'transpose': {
      const strides = stridesOf(a.shape);
      const permuted = operation.permutation.map((axis) => strides[axis] ?? 0);
      copyStrided(out, a.data, y.shape, permuted, 0);
      break;
    }
    case 'slice': {
      const strides = stridesOf(a.shape);
      const offset = operation.start * (strides[operation.axis] ?? 0);
      copyStrided(out, a.data, y.shape, strides, offset);
      break;
    }
    case 'pad':
    case 'concat': {
      const strides = stridesOf(y.shape);
      const stride = strides[operation.axis] ?? 0;
      let at = operation.kind === 'pad' ? operation.before : 0;
      for (const input of inputs) {
        const offset = at * stride;
        walk(input.shape, [strides], (index, [to = 0]) => {
          out[offset + to] = input.data[index] ?? 0;
        });
        at += input.shape[operation.axis] ?? 0;
      }
      break;
    }
    case 'sum':
    case 'sumSquare':
    case 'max':
      reduce(operation.kind, a, y);
      break;
    case 'matmul':
      if (b !== undefined) multiply(operation, a, b, y);
      break;
    case 'where':
      if (b !== undefined) select(inputs, y);
      break;
    case 'gather':
      if (b !== undefined) {
        const width = countOf(a.shape.slice(1));
        b.data.forEach((row, n) => {
          out.set(a.data.subarray(row * width, (row + 1) * width), n * width);
        });
      }
      break;
    case 'scatterAdd':
      if (b !== undefined) {
        const width = countOf(y.shape.slice(1));
        a.data.forEach((row, n) => {
          for (let i = 0; i < width; i++)
            out[row * width + i] = (out[row * width + i] ?? 0) + (b.data[n * width + i] ?? 0);
        });
      }
      break;
    case 'takeLast': {
      const width = a.shape.at(-1) ?? 1;
      b?.data.forEach((column, n) => {
        out[n] = a.data[n * width + column] ?? 0;
      });
      break;
    }
    case 'oneHot':
      a.data.forEach((column, n) => {
        out[n * operation.depth + column] = 1;
      });
      break;
    case 'softmax':
    case 'logSoftmax':
      softmaxRows(operation.kind === 'logSoftmax', a, out);
      break;
    case 'rotary':
      rotate(operation.isInverse, inputs, out);
      break;
    case 'layerNorm':
    case 'rmsNorm':
      normalise(operation, inputs, results);
      break;
    default:
      pointwise(operation.kind, inputs, y);
  }
  return results;
}

/** The numbers that stored values stand for. */
export function widened({ dtype, data }: TensorData): Values {
  if (!(data instanceof Uint16Array)) return data;
  return dtype === 'bfloat16' ? bfloatToFloat(data) : halfToFloat(data);
}

function cast(to: TensorDType, x: TensorData, out: Values): void {
  const from = widened(x);
  if (to === 'bool') for (let i = 0; i < out.length; i++) out[i] = Number((from[i] ?? 0) !== 0);
  else if (to === 'float16') out.set(floatToHalf(Float32Array.from(from)));
  else if (to === 'bfloat16') out.set(floatToBfloat(Float32Array.from(from)));
  else out.set(from);
}

function dequantise(
  format: 'int8' | 'int4' | 'nf4',
  codes: TensorData,
  scales: TensorData,
  y: TensorData,
): void {
  const size = y.shape[1] ?? 1;
  const pairs = format === 'int8' ? undefined : quantisedPairs(format);
  for (let i = 0; i < y.data.length; i++) {
    const level =
      pairs === undefined ? codes.data[i] : pairs[2 * (codes.data[i >> 1] ?? 0) + (i % 2)];
    y.data[i] = (level ?? 0) * (scales.data[Math.floor(i / size)] ?? 0);
  }
}

function pointwise(
  kind: keyof typeof UNARY | keyof typeof BINARY,
  [a, b]: readonly TensorData[],
  y: TensorData,
): void {
  const out = y.data;
  if (a === undefined) return;
  if (b === undefined) {
    const apply = UNARY[kind as keyof typeof UNARY];
    for (let i = 0; i < out.length; i++) out[i] = apply(a.data[i] ?? 0);
    return;
  }
  const apply = BINARY[kind as keyof typeof BINARY];
  const strides = [a, b].map(({ shape }) => broadcastStrides(shape, y.shape));
  walk(y.shape, strides, (index, [left = 0, right = 0]) => {
    out[index] = apply(a.data[left] ?? 0, b.data[right] ?? 0);
  });
}

function copyStrided(
  out: Values,
  from: Values,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): void {
  walk(shape, [strides], (index, [at = 0]) => {
    out[index] = from[offset + at] ?? 0;
  });
}

function select([condition, a, b]: readonly TensorData[], y: TensorData): void {
  if (condition === undefined || a === undefined || b === undefined) return;
  const strides = [condition, a, b].map(({ shape }) => broadcastStrides(shape, y.shape));
  walk(y.shape, strides, (index, [c = 0, left = 0, right = 0]) => {
    y.data[index] = (condition.data[c] === 0 ? b.data[right] : a.data[left]) ?? 0;
  });
}

function reduce(kind: 'sum' | 'sumSquare' | 'max', x: TensorData, y: TensorData): void {
  // Summed in double precision, rounded once.
  const sums = new Float64Array(y.data.length).fill(kind === 'max' ? -Infinity : 0);
  walk(x.shape, [broadcastStrides(y.shape, x.shape)], (index, [to = 0]) => {
    const value = x.data[index] ?? 0;
    const before = sums[to] ?? 0;
    sums[to] =
      kind === 'max' ? Math.max(before, value) : before + (kind === 'sum' ? value : value * value);
  });
  y.data.set(sums);
}

function multiply(
  { transposeA, transposeB, scale }: { transposeA: boolean; transposeB: boolean; scale: number },
  a: TensorData,
  b: TensorData,
  y: TensorData,
): void {
  const [m = 1, n = 1] = y.shape.slice(-2);
  const k = a.shape.at(transposeA ? -2 : -1) ?? 1;
  const lead = y.shape.slice(0, -2);
  const strides = [a, b].map(({ shape }) =>
    broadcastStrides([...shape.slice(0, -2)], lead).map(
      (stride) => stride * countOf(shape.slice(-2)),
    ),
  );
  const row = new Float64Array(n);
  walk(lead, strides, (batch, [atA = 0, atB = 0]) => {
    for (let i = 0; i < m; i++) {
      row.fill(0);
      for (let p = 0; p < k; p++) {
        const left = a.data[atA + (transposeA ? p * m + i : i * k + p)] ?? 0;
        if (left === 0) continue;
        const start = transposeB ? atB + p : atB + p * n;
        const step = transposeB ? k : 1;
        for (let j = 0; j < n; j++) row[j] = (row[j] ?? 0) + left * (b.data[start + j * step] ?? 0);
      }
      for (let j = 0; j < n; j++) y.data[(batch * m + i) * n + j] = (row[j] ?? 0) * scale;
    }
  });
}

function softmaxRows(isLog: boolean, x: TensorData, out: Values): void {
  const width = x.shape.at(-1) ?? 1;
  for (let start = 0; start < out.length; start += width) {
    let top = -Infinity;
    for (let i = 0; i < width; i++) top = Math.max(top, x.data[start + i] ?? 0);
    let total = 0;
    for (let i = 0; i < width; i++) total += Math.exp((x.data[start + i] ?? 0) - top);
    const logTotal = Math.log(total);
    for (let i = 0; i < width; i++) {
      const shifted = (x.data[start + i] ?? 0) - top;
      out[start + i] = isLog ? shifted - logTotal : Math.exp(shifted) / total;
    }
  }
}

function rotate(
  isInverse: boolean,
  [x, positions, cosines, sines]: readonly TensorData[],
  out: Values,
): void {
  if (x === undefined || positions === undefined) return;
  if (cosines === undefined || sines === undefined) return;
  const [batch = 1, heads = 1, length = 1, width = 1] = x.shape;
  const half = width / 2;
  for (let row = 0; row < batch * heads * length; row++) {
    const n = Math.floor(row / (heads * length));
    const position = positions.data[n * length + (row % length)] ?? 0;
    for (let i = 0; i < half; i++) {
      const at = row * width + i;
      const cosine = cosines.data[position * half + i] ?? 1;
      const sine = (isInverse ? -1 : 1) * (sines.data[position * half + i] ?? 0);
      const first = x.data[at] ?? 0;
      const second = x.data[at + half] ?? 0;
      out[at] = first * cosine - second * sine;
      out[at + half] = second * cosine + first * sine;
    }
  }
}

function normalise(
  operation: { kind: 'layerNorm' | 'rmsNorm'; epsilon: number },
  [x, weight, bias]: readonly TensorData[],
  [y, first, last]: readonly TensorData[],
): void {
  if (x === undefined || weight === undefined || y === undefined || first === undefined) return;
  const width = weight.data.length;
  const isCentred = operation.kind === 'layerNorm';
  for (let row = 0; row * width < y.data.length; row++) {
    const start = row * width;
    let average = 0;
    if (isCentred) for (let i = 0; i < width; i++) average += (x.data[start + i] ?? 0) / width;
    let variance = 0;
    for (let i = 0; i < width; i++) variance += ((x.data[start + i] ?? 0) - average) ** 2 / width;
    const scale = 1 / Math.sqrt(variance + operation.epsilon);
    for (let i = 0; i < width; i++) {
      const normal = ((x.data[start + i] ?? 0) - average) * scale;
      y.data[start + i] = normal * (weight.data[i] ?? 1) + (bias?.data[i] ?? 0);
    }
    if (isCentred) first.data[row] = average;
    (last ?? first).data[row] = scale;
  }
}
