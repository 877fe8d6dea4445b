import type { TensorOperation } from '@espalier/core';
import { TraceError } from '../errors.js';
import {
  add,
  cast,
  div,
  equal,
  erf,
  exp,
  expand,
  less,
  mul,
  neg,
  sigmoid,
  sign,
  sub,
  tanh,
  where,
} from '../tensor/elementwise.js';
import { matmul, mean, pad, reshape, slice, sum, sumTo, transpose } from '../tensor/layout.js';
import { oneHot, rotary, scatterAdd } from '../tensor/network.js';
import type { Tensor } from '../tensor/trace.js';

/** One node as its gradient sees it. */
export interface PullBackOptions {
  readonly operation: TensorOperation;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Of the first output. */
  readonly gradient: Tensor;
  /** Whether the gradient of an input is of use. */
  readonly isNeeded: (index: number) => boolean;
}

type Parts = readonly (Tensor | undefined)[];

const INVERSE_SQRT_2 = Math.SQRT1_2;
const INVERSE_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** The gradients of a node's inputs, in their order; undefined where there is none. */
export function pullBack(options: PullBackOptions): Parts {
  const { operation, gradient: g } = options;
  const x = options.inputs[0] ?? g;
  const y = options.outputs[0] ?? g;
  switch (operation.kind) {
    case 'neg':
      return [neg(g)];
    case 'exp':
      return [mul(g, y)];
    case 'log':
      return [div(g, x)];
    case 'sqrt':
      return [div(mul(g, 0.5), y)];
    case 'reciprocal':
      return [neg(mul(g, mul(y, y)))];
    case 'tanh':
      return [mul(g, sub(1, mul(y, y)))];
    case 'sigmoid':
      return [mul(g, mul(y, sub(1, y)))];
    case 'erf':
      return [mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))];
    case 'relu':
      return [mul(g, cast(less(0, x), 'float32'))];
    case 'abs':
      return [mul(g, sign(x))];
    case 'gelu':
      return [mul(g, geluSlope(x))];
    case 'geluTanh':
      return [mul(g, geluTanhSlope(x))];
    case 'silu':
      return [siluPart(g, x, y)];
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'maximum':
    case 'minimum':
      return binaryParts(operation.kind, options);
    case 'where':
      return whereParts(options);
    case 'cast':
      return [x.dtype === 'float32' && operation.to === 'float32' ? g : undefined];
    case 'sum':
      return [expand(g, x.shape)];
    case 'sumSquare':
      return [mul(mul(x, 2), g)];
    case 'matmul':
      return matmulParts(operation, options);
    case 'reshape':
      return [reshape(g, x.shape)];
    case 'expand':
      return [sumTo(g, x.shape)];
    case 'transpose':
      return [transpose(g, inverse(operation.permutation))];
    case 'concat':
      return concatParts(operation.axis, options);
    case 'slice': {
      const size = x.shape[operation.axis] ?? 1;
      const after = size - operation.start - operation.size;
      return [pad(g, operation.axis, operation.start, after)];
    }
    case 'pad':
      return [slice(g, operation.axis, operation.before, x.shape[operation.axis] ?? 1)];
    case 'gather':
      return [scatterAdd(second(options), g, x.shape[0] ?? 1), undefined];
    case 'takeLast':
      return [
        mul(oneHot(second(options), x.shape.at(-1) ?? 1), reshape(g, [...g.shape, 1])),
        undefined,
      ];
    case 'softmax':
      return [mul(y, sub(g, sum(mul(g, y), [-1])))];
    case 'logSoftmax':
      return [sub(g, mul(exp(y), sum(g, [-1])))];
    case 'rmsNorm':
      return rmsNormParts(options);
    case 'layerNorm':
      return layerNormParts(options);
    case 'rotary':
      return [rotaryPart(options), undefined, undefined, undefined];
    case 'after':
      return [g, undefined];
    case 'detach':
    case 'dequantise':
    case 'sign':
    case 'less':
    case 'equal':
    case 'and':
    case 'not':
    case 'oneHot':
      return options.inputs.map(() => undefined);
    case 'max':
    case 'scatterAdd':
      throw new TraceError({ operation: operation.kind, problem: 'it has no gradient' });
  }
}

function second({ inputs, gradient }: PullBackOptions): Tensor {
  return inputs[1] ?? gradient;
}

/** Φ(x) + x φ(x). */
function geluSlope(x: Tensor): Tensor {
  const cumulative = mul(add(erf(mul(x, INVERSE_SQRT_2)), 1), 0.5);
  const density = mul(exp(mul(mul(x, x), -0.5)), INVERSE_SQRT_2PI);
  return add(cumulative, mul(x, density));
}

function geluTanhSlope(x: Tensor): Tensor {
  const square = mul(x, x);
  const inner = mul(x, add(mul(square, SQRT_2_OVER_PI * GELU_CUBIC), SQRT_2_OVER_PI));
  const t = tanh(inner);
  const slope = add(mul(square, 3 * SQRT_2_OVER_PI * GELU_CUBIC), SQRT_2_OVER_PI);
  return mul(add(add(t, 1), mul(mul(x, sub(1, mul(t, t))), slope)), 0.5);
}

/** g (σ + y (1 − σ)). */
function siluPart(g: Tensor, x: Tensor, y: Tensor): Tensor {
  const s = sigmoid(x);
  return mul(g, add(s, mul(y, sub(1, s))));
}

function binaryParts(
  kind: 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum',
  options: PullBackOptions,
): Parts {
  const { gradient: g, isNeeded } = options;
  const a = options.inputs[0] ?? g;
  const b = second(options);
  const y = options.outputs[0] ?? g;
  const toA = (part: () => Tensor): Tensor | undefined =>
    isNeeded(0) ? sumTo(part(), a.shape) : undefined;
  const toB = (part: () => Tensor): Tensor | undefined =>
    isNeeded(1) ? sumTo(part(), b.shape) : undefined;
  switch (kind) {
    case 'add':
      return [toA(() => g), toB(() => g)];
    case 'sub':
      return [toA(() => g), toB(() => neg(g))];
    case 'mul':
      return [toA(() => mul(g, b)), toB(() => mul(g, a))];
    case 'div':
      return [toA(() => div(g, b)), toB(() => neg(div(mul(g, y), b)))];
    case 'maximum':
    case 'minimum': {
      // A tie gives each side half, as PyTorch does.
      const tie = mul(cast(equal(a, b), 'float32'), 0.5);
      const isA = kind === 'maximum' ? less(b, a) : less(a, b);
      const isB = kind === 'maximum' ? less(a, b) : less(b, a);
      return [
        toA(() => mul(g, add(cast(isA, 'float32'), tie))),
        toB(() => mul(g, add(cast(isB, 'float32'), tie))),
      ];
    }
  }
}

function whereParts({ inputs, gradient: g, isNeeded }: PullBackOptions): Parts {
  const [condition, a, b] = inputs;
  if (condition === undefined || a === undefined || b === undefined) return [];
  return [
    undefined,
    isNeeded(1) ? sumTo(where(condition, g, 0), a.shape) : undefined,
    isNeeded(2) ? sumTo(where(condition, 0, g), b.shape) : undefined,
  ];
}

function matmulParts(
  { transposeA, transposeB, scale }: { transposeA: boolean; transposeB: boolean; scale: number },
  options: PullBackOptions,
): Parts {
  const { gradient: g, isNeeded } = options;
  const a = options.inputs[0] ?? g;
  const b = second(options);
  const partA = (): Tensor =>
    transposeA
      ? matmul(b, g, { transposeA: transposeB, transposeB: true, scale })
      : matmul(g, b, { transposeB: !transposeB, scale });
  const partB = (): Tensor =>
    transposeB
      ? matmul(g, a, { transposeA: true, transposeB: transposeA, scale })
      : matmul(a, g, { transposeA: !transposeA, scale });
  return [
    isNeeded(0) ? sumTo(partA(), a.shape) : undefined,
    isNeeded(1) ? sumTo(partB(), b.shape) : undefined,
  ];
}

function inverse(permutation: readonly number[]): number[] {
  return permutation.map((_, axis) => permutation.indexOf(axis));
}

function concatParts(axis: number, { inputs, gradient, isNeeded }: PullBackOptions): Parts {
  let start = 0;
  return inputs.map((input, index) => {
    const size = input.shape[axis] ?? 1;
    const part = isNeeded(index) ? slice(gradient, axis, start, size) : undefined;
    start += size;
    return part;
  });
}

function rotaryPart({ operation, inputs, gradient }: PullBackOptions): Tensor {
  const [, positions, cosines, sines] = inputs;
  if (positions === undefined || cosines === undefined || sines === undefined) return gradient;
  const isInverse = operation.kind === 'rotary' && !operation.isInverse;
  return rotary({ x: gradient, positions, cosines, sines, isInverse });
}

function rmsNormParts({ inputs, outputs, gradient: g, isNeeded }: PullBackOptions): Parts {
  const [x, weight] = inputs;
  const inverseRms = outputs[1];
  if (x === undefined || weight === undefined || inverseRms === undefined) return [];
  const normal = mul(x, inverseRms);
  const weighted = mul(g, weight);
  return [
    isNeeded(0)
      ? mul(sub(weighted, mul(normal, mean(mul(weighted, normal), [-1]))), inverseRms)
      : undefined,
    isNeeded(1) ? sumTo(mul(g, normal), weight.shape) : undefined,
  ];
}

function layerNormParts({ inputs, outputs, gradient: g, isNeeded }: PullBackOptions): Parts {
  const [x, weight, bias] = inputs;
  const [, average, inverseDeviation] = outputs;
  if (x === undefined || weight === undefined || bias === undefined) return [];
  if (average === undefined || inverseDeviation === undefined) return [];
  const normal = mul(sub(x, average), inverseDeviation);
  const weighted = mul(g, weight);
  const centred = (): Tensor =>
    sub(sub(weighted, mean(weighted, [-1])), mul(normal, mean(mul(weighted, normal), [-1])));
  return [
    isNeeded(0) ? mul(centred(), inverseDeviation) : undefined,
    isNeeded(1) ? sumTo(mul(g, normal), weight.shape) : undefined,
    isNeeded(2) ? sumTo(g, bias.shape) : undefined,
  ];
}
