import type {
  BinaryKind,
  TensorNode,
  TensorOperation,
  TensorType,
  UnaryKind,
} from '@espalier/core';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { quantisedPairs } from '../../quantise/quantised-levels.js';
import { roundToHalf, workingType } from './stored-tensor.js';

/** The functions of TensorFlow.js, whichever package they come from. */
export type TensorFlow = typeof Tfjs;
type Tensor = Tfjs.Tensor;

/** How a kernel set wants its work. */
export interface KernelTraits {
  /** Whether products of transposed or batched matrices are slow, so that operands are transposed first. */
  readonly prefersPlainMatMul: boolean;
}

type Shape = number[];

/** Computes one node with TensorFlow.js; intermediate tensors are left to the caller's `tidy`. */
export function runNode(
  tf: TensorFlow,
  node: TensorNode,
  inputs: readonly Tensor[],
  types: readonly TensorType[],
  traits: KernelTraits,
): Tensor[] {
  const { operation } = node;
  const [x, y] = inputs;
  const shape = [...(types[0]?.shape ?? [])];
  if (x === undefined) return [];
  switch (operation.kind) {
    case 'layerNorm':
    case 'rmsNorm':
      return normalise(tf, operation, inputs);
    case 'rotary':
      return [rotate(tf, operation.isInverse, inputs)];
    case 'concat':
      return [tf.concat([...inputs], operation.axis)];
    case 'where':
      return [pick(tf, inputs, shape)];
    case 'matmul':
      return y === undefined ? [] : [multiply(tf, operation, x, y, shape, traits)];
    case 'dequantise':
      return y === undefined ? [] : [dequantise(tf, operation.format, x, y, shape)];
    case 'after':
      return [tf.clone(x)];
    case 'gather':
      return y === undefined ? [] : [tf.gather(x, y, 0)];
    case 'scatterAdd':
      return y === undefined ? [] : [scatterAdd(tf, x, y, shape)];
    case 'takeLast':
      return y === undefined ? [] : [takeLast(tf, x, y)];
    case 'cast':
    case 'detach':
    case 'reshape':
    case 'expand':
    case 'transpose':
    case 'slice':
    case 'pad':
    case 'sum':
    case 'sumSquare':
    case 'max':
    case 'oneHot':
    case 'softmax':
    case 'logSoftmax':
      return [reshapeOrReduce(tf, operation, x, shape)];
    default:
      return [
        y === undefined
          ? unary(tf, operation.kind as UnaryKind, x)
          : binary(tf, operation.kind as BinaryKind, x, y),
      ];
  }
}

function reshapeOrReduce(
  tf: TensorFlow,
  operation: TensorOperation,
  x: Tensor,
  shape: Shape,
): Tensor {
  switch (operation.kind) {
    case 'cast':
      if (operation.to === 'bool') return tf.notEqual(x, tf.zerosLike(x));
      return operation.to === 'float16' || operation.to === 'bfloat16'
        ? roundToHalf(tf, x, operation.to)
        : tf.cast(x, workingType(operation.to));
    case 'reshape':
      return tf.reshape(x, shape);
    case 'expand':
      return tf.broadcastTo(x, shape);
    case 'transpose':
      return tf.transpose(x, [...operation.permutation]);
    case 'slice': {
      const begin = x.shape.map((_, axis) => (axis === operation.axis ? operation.start : 0));
      return tf.slice(x, begin, shape);
    }
    case 'pad':
      return tf.pad(
        x,
        x.shape.map((_, axis): [number, number] =>
          axis === operation.axis ? [operation.before, operation.after] : [0, 0],
        ),
      );
    case 'sum':
      return tf.sum(x, [...operation.axes], true);
    case 'sumSquare':
      return tf.sum(tf.mul(x, x), [...operation.axes], true);
    case 'max':
      return tf.max(x, [...operation.axes], true);
    case 'oneHot':
      // The WebAssembly kernel knows whole numbers only.
      return tf.cast(tf.oneHot(x, operation.depth, 1, 0, 'int32'), 'float32');
    case 'softmax':
      return tf.softmax(x, -1);
    case 'logSoftmax': {
      const shifted = tf.sub(x, tf.max(x, -1, true));
      return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
    }
    default:
      return tf.clone(x);
  }
}

const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

function unary(tf: TensorFlow, kind: UnaryKind, x: Tensor): Tensor {
  switch (kind) {
    case 'neg':
      return tf.neg(x);
    case 'exp':
      return tf.exp(x);
    case 'log':
      return tf.log(x);
    case 'sqrt':
      return tf.sqrt(x);
    case 'reciprocal':
      return tf.div(1, x);
    case 'tanh':
      return tf.tanh(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'erf':
      return tf.erf(x);
    case 'relu':
      return tf.relu(x);
    case 'abs':
      return tf.abs(x);
    case 'sign':
      // Two comparisons: not every kernel set has an operation for it.
      return tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32'));
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
    case 'geluTanh': {
      const cubed = tf.mul(tf.mul(x, x), x);
      const inner = tf.mul(tf.add(x, tf.mul(cubed, 0.044715)), SQRT_2_OVER_PI);
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
    }
    case 'silu':
      return tf.mul(x, tf.sigmoid(x));
    case 'not':
      return tf.logicalNot(x);
  }
}

function binary(tf: TensorFlow, kind: BinaryKind, a: Tensor, b: Tensor): Tensor {
  switch (kind) {
    case 'add':
      return tf.add(a, b);
    case 'sub':
      return tf.sub(a, b);
    case 'mul':
      return tf.mul(a, b);
    case 'div':
      // Of whole numbers TensorFlow.js takes the floor; the other backends round towards zero.
      return a.dtype === 'int32'
        ? tf.cast(tf.div(tf.cast(a, 'float32'), tf.cast(b, 'float32')), 'int32')
        : tf.div(a, b);
    case 'maximum':
      return tf.maximum(a, b);
    case 'minimum':
      return tf.minimum(a, b);
    case 'less':
      return tf.less(a, b);
    case 'equal':
      return tf.equal(a, b);
    case 'and':
      return tf.logicalAnd(a, b);
  }
}

function pick(tf: TensorFlow, [condition, a, b]: readonly Tensor[], shape: Shape): Tensor {
  if (condition === undefined || a === undefined || b === undefined) return tf.zeros(shape);
  return tf.where(
    tf.broadcastTo(condition, shape),
    tf.broadcastTo(a, shape),
    tf.broadcastTo(b, shape),
  );
}

function multiply(
  tf: TensorFlow,
  { transposeA, transposeB, scale }: { transposeA: boolean; transposeB: boolean; scale: number },
  a: Tensor,
  b: Tensor,
  shape: Shape,
  traits: KernelTraits,
): Tensor {
  const scaled = (product: Tensor): Tensor => (scale === 1 ? product : tf.mul(product, scale));
  const turned = (x: Tensor): Tensor =>
    tf.transpose(x, x.shape.map((_, axis) => axis).toSpliced(-2, 2, x.rank - 1, x.rank - 2));
  if (b.rank === 2 && a.rank > 2 && !transposeA) {
    // One large product instead of a batch of small ones.
    const rows = tf.reshape(a, [-1, a.shape.at(-1) ?? 1]);
    const isTurned = transposeB && traits.prefersPlainMatMul;
    const product = tf.matMul(rows, isTurned ? turned(b) : b, false, transposeB && !isTurned);
    return scaled(tf.reshape(product, shape));
  }
  if (!traits.prefersPlainMatMul) return scaled(tf.matMul(a, b, transposeA, transposeB));
  return scaled(tf.matMul(transposeA ? turned(a) : a, transposeB ? turned(b) : b));
}

function dequantise(
  tf: TensorFlow,
  format: 'int8' | 'int4' | 'nf4',
  codes: Tensor,
  scales: Tensor,
  shape: Shape,
): Tensor {
  const levels =
    format === 'int8'
      ? tf.cast(codes, 'float32')
      : tf.reshape(tf.gather(tf.tensor2d(quantisedPairs(format), [256, 2]), codes), shape);
  return tf.mul(levels, tf.reshape(scales, [-1, 1]));
}

/** Rows at the same place are added up. */
function scatterAdd(tf: TensorFlow, ids: Tensor, updates: Tensor, shape: Shape): Tensor {
  const rows = tf.reshape(ids, [-1, 1]);
  return tf.scatterND(rows, tf.reshape(updates, [rows.shape[0] ?? 1, ...shape.slice(1)]), shape);
}

function takeLast(tf: TensorFlow, x: Tensor, index: Tensor): Tensor {
  const columns = tf.reshape(index, [-1]);
  const rows = tf.range(0, columns.size, 1, 'int32');
  const taken = tf.gatherND(
    tf.reshape(x, [columns.size, x.shape.at(-1) ?? 1]),
    tf.stack([rows, columns], 1),
  );
  return tf.reshape(taken, index.shape);
}

function rotate(
  tf: TensorFlow,
  isInverse: boolean,
  [x, positions, cosines, sines]: readonly Tensor[],
): Tensor {
  if (x === undefined || positions === undefined || cosines === undefined || sines === undefined)
    return tf.scalar(0);
  const [batch = 1, , length = 1, width = 1] = x.shape;
  const half = width / 2;
  const angles = (table: Tensor): Tensor =>
    tf.reshape(tf.gather(table, positions, 0), [batch, 1, length, half]);
  const cosine = angles(cosines);
  const sine = isInverse ? tf.neg(angles(sines)) : angles(sines);
  const [first, second] = tf.split(x, 2, 3);
  if (first === undefined || second === undefined) return tf.clone(x);
  return tf.concat(
    [
      tf.sub(tf.mul(first, cosine), tf.mul(second, sine)),
      tf.add(tf.mul(second, cosine), tf.mul(first, sine)),
    ],
    3,
  );
}

function normalise(
  tf: TensorFlow,
  operation: { kind: 'layerNorm' | 'rmsNorm'; epsilon: number },
  [x, weight, bias]: readonly Tensor[],
): Tensor[] {
  if (x === undefined || weight === undefined) return [];
  const average = operation.kind === 'layerNorm' ? tf.mean(x, -1, true) : undefined;
  const centred = average === undefined ? x : tf.sub(x, average);
  const variance = tf.mean(tf.mul(centred, centred), -1, true);
  const scale = tf.div(1, tf.sqrt(tf.add(variance, operation.epsilon)));
  const scaled = tf.mul(tf.mul(centred, scale), weight);
  const y = bias === undefined ? scaled : tf.add(scaled, bias);
  return average === undefined ? [y, scale] : [y, average, scale];
}
