import { TraceError } from '../errors.js';
import { expectType, recordOne } from './elementwise.js';
import { describeType, sameShape, type Tensor } from './trace.js';

const lastSize = (x: Tensor): number => x.shape.at(-1) ?? 1;

/** Rows of a table. Shapes: table [rows, ...rest], ids int32 [...] → [...ids, ...rest]. Ids must be in range. */
export function gather(table: Tensor, ids: Tensor): Tensor {
  expectType('gather', ids, 'int32');
  return recordOne({ kind: 'gather' }, [table, ids], table.dtype, [
    ...ids.shape,
    ...table.shape.slice(1),
  ]);
}

/** Adds rows into zeros. Shapes: ids int32 [...], updates [...ids, ...rest] → [rows, ...rest]. */
export function scatterAdd(ids: Tensor, updates: Tensor, rows: number): Tensor {
  expectType('scatterAdd', ids, 'int32');
  if (!sameShape(updates.shape.slice(0, ids.shape.length), ids.shape))
    throw new TraceError({
      operation: 'scatterAdd',
      problem: `updates ${describeType(updates)} do not begin with the shape of ids ${describeType(ids)}`,
    });
  return recordOne({ kind: 'scatterAdd', rows }, [ids, updates], updates.dtype, [
    rows,
    ...updates.shape.slice(ids.shape.length),
  ]);
}

/** One entry of the last axis for each index. Shapes: x [..., n], index int32 [...] → [...]. */
export function takeLast(x: Tensor, index: Tensor): Tensor {
  expectType('takeLast', index, 'int32');
  if (!sameShape(x.shape.slice(0, -1), index.shape))
    throw new TraceError({
      operation: 'takeLast',
      problem: `index ${describeType(index)} does not fit ${describeType(x)} without its last axis`,
    });
  return recordOne({ kind: 'takeLast' }, [x, index], x.dtype, index.shape);
}

/** 1 at each index of a new last axis, else 0. */
export function oneHot(index: Tensor, depth: number): Tensor {
  expectType('oneHot', index, 'int32');
  return recordOne({ kind: 'oneHot', depth }, [index], 'float32', [...index.shape, depth]);
}

/** Softmax over the last axis. */
export function softmax(x: Tensor): Tensor {
  expectType('softmax', x, 'float32');
  return recordOne({ kind: 'softmax' }, [x], 'float32', x.shape);
}

/** Logarithm of the softmax over the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  expectType('logSoftmax', x, 'float32');
  return recordOne({ kind: 'logSoftmax' }, [x], 'float32', x.shape);
}

/**
 * Rotary position embedding: turns the pair (x_i, x_{i + width/2}) by the angle of its position.
 *
 * Shapes: x [batch, heads, length, width], positions int32 [batch, length], cosines and sines [positions, width / 2].
 *
 * @see https://arxiv.org/abs/2104.09864, equation 34, in the layout of halves that Hugging Face models use.
 */
export function rotary(options: {
  readonly x: Tensor;
  readonly positions: Tensor;
  readonly cosines: Tensor;
  readonly sines: Tensor;
  /** Turns back. */
  readonly isInverse?: boolean;
}): Tensor {
  const { x, positions, cosines, sines, isInverse = false } = options;
  expectType('rotary', positions, 'int32');
  const [batch = 0, , length = 0, width = 0] = x.shape;
  const isFit =
    x.shape.length === 4 &&
    sameShape(positions.shape, [batch, length]) &&
    cosines.shape[1] === width / 2 &&
    sameShape(cosines.shape, sines.shape);
  if (!isFit)
    throw new TraceError({
      operation: 'rotary',
      problem: `${describeType(x)}, positions ${describeType(positions)} and angles ${describeType(cosines)} do not fit`,
    });
  const inputs = [x, positions, cosines, sines];
  return recordOne({ kind: 'rotary', isInverse }, inputs, 'float32', x.shape);
}

/** x / √(mean x² + ε) · weight, over the last axis. */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon: number): Tensor {
  expectWeight('rmsNorm', x, weight);
  const statistic = { dtype: 'float32', shape: [...x.shape.slice(0, -1), 1] } as const;
  const [result] = x.trace.record({ kind: 'rmsNorm', epsilon }, [x, weight], [x, statistic]);
  return result ?? x;
}

/** (x − mean) / √(variance + ε) · weight + bias, over the last axis. */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  expectWeight('layerNorm', x, weight);
  expectWeight('layerNorm', x, bias);
  const statistic = { dtype: 'float32', shape: [...x.shape.slice(0, -1), 1] } as const;
  const [result] = x.trace.record(
    { kind: 'layerNorm', epsilon },
    [x, weight, bias],
    [x, statistic, statistic],
  );
  return result ?? x;
}

function expectWeight(operation: string, x: Tensor, weight: Tensor): void {
  expectType(operation, x, 'float32');
  if (sameShape(weight.shape, [lastSize(x)])) return;
  throw new TraceError({
    operation,
    problem: `${describeType(weight)} does not fit the last axis of ${describeType(x)}`,
  });
}
