import { TraceError } from '../errors.js';
import { broadcastShape, expectType, mul, recordOne } from './elementwise.js';
import { describeType, sameShape, type Tensor } from './trace.js';

function axisOf(operation: string, x: Tensor, axis: number): number {
  const result = axis < 0 ? axis + x.shape.length : axis;
  if (Number.isInteger(result) && result >= 0 && result < x.shape.length) return result;
  throw new TraceError({ operation, problem: `${describeType(x)} has no axis ${axis}` });
}

const sizeAt = (x: Tensor, axis: number): number => x.shape[axis] ?? 1;

/** The same values in another shape; one size may be -1. */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const count = x.shape.reduce((product, size) => product * size, 1);
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const full = shape.map((size) => (size === -1 ? count / known : size));
  if (
    full.reduce((product, size) => product * size, 1) !== count ||
    !full.every(Number.isInteger) ||
    shape.filter((size) => size === -1).length > 1
  ) {
    throw new TraceError({
      operation: 'reshape',
      problem: `${describeType(x)} has ${count} values and does not fit [${shape.join(', ')}]`,
    });
  }
  if (sameShape(full, x.shape)) return x;
  return recordOne({ kind: 'reshape', shape: full }, [x], x.dtype, full);
}

/** Axis i of the result is axis `permutation[i]` of x. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const sorted = permutation.toSorted((a, b) => a - b);
  if (sorted.length !== x.shape.length || sorted.some((axis, index) => axis !== index))
    throw new TraceError({
      operation: 'transpose',
      problem: `[${permutation.join(', ')}] is no order of the axes of ${describeType(x)}`,
    });
  if (permutation.every((axis, index) => axis === index)) return x;
  return recordOne(
    { kind: 'transpose', permutation },
    [x],
    x.dtype,
    permutation.map((axis) => sizeAt(x, axis)),
  );
}

/** Joins tensors along an axis. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [first] = tensors;
  if (first === undefined)
    throw new TraceError({ operation: 'concat', problem: 'there is nothing to join' });
  if (tensors.length === 1) return first;
  const at = axisOf('concat', first, axis);
  let size = 0;
  for (const tensor of tensors) {
    expectType('concat', tensor, first.dtype);
    if (!sameShape(tensor.shape.with(at, 1), first.shape.with(at, 1)))
      throw new TraceError({
        operation: 'concat',
        problem: `${describeType(first)} and ${describeType(tensor)} differ beside axis ${at}`,
      });
    size += sizeAt(tensor, at);
  }
  return recordOne({ kind: 'concat', axis: at }, tensors, first.dtype, first.shape.with(at, size));
}

/** `size` entries of an axis from `start`. */
export function slice(x: Tensor, axis: number, start: number, size: number): Tensor {
  const at = axisOf('slice', x, axis);
  if (start < 0 || size < 1 || start + size > sizeAt(x, at))
    throw new TraceError({
      operation: 'slice',
      problem: `${describeType(x)} has no entries ${start} to ${start + size} on axis ${at}`,
    });
  if (size === sizeAt(x, at)) return x;
  return recordOne({ kind: 'slice', axis: at, start, size }, [x], x.dtype, x.shape.with(at, size));
}

/** Puts zeros before and after an axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const at = axisOf('pad', x, axis);
  if (before === 0 && after === 0) return x;
  return recordOne(
    { kind: 'pad', axis: at, before, after },
    [x],
    x.dtype,
    x.shape.with(at, sizeAt(x, at) + before + after),
  );
}

const reduction =
  (kind: 'sum' | 'sumSquare' | 'max') =>
  (x: Tensor, axes: readonly number[]): Tensor => {
    expectType(kind, x, 'float32');
    const normal = axes.map((axis) => axisOf(kind, x, axis)).sort((a, b) => a - b);
    if (normal.length === 0) return kind === 'sumSquare' ? mul(x, x) : x;
    return recordOne(
      { kind, axes: normal },
      [x],
      x.dtype,
      x.shape.map((size, axis) => (normal.includes(axis) ? 1 : size)),
    );
  };

/** Sums over axes, which stay with length 1. */
export const sum = reduction('sum');
/** Sums squares over axes, which stay with length 1. */
export const sumSquare = reduction('sumSquare');
/** The largest over axes, which stay with length 1; has no gradient. */
export const max = reduction('max');

/** Averages over axes, which stay with length 1. */
export function mean(x: Tensor, axes: readonly number[]): Tensor {
  const count = axes.reduce((product, axis) => product * sizeAt(x, axisOf('mean', x, axis)), 1);
  return mul(sum(x, axes), 1 / count);
}

/** The sum of all entries as a scalar. */
export function sumAll(x: Tensor): Tensor {
  return reshape(
    sum(
      x,
      x.shape.map((_, axis) => axis),
    ),
    [],
  );
}

/** Sums a gradient back to the shape that was broadcast. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : [],
  );
  return reshape(sum(x, axes), shape);
}

/**
 * Matrix product over the last two axes; the leading ones broadcast.
 *
 * Shapes: a [..., m, k], b [..., k, n] → [..., m, n]; with `transposeA` a is [..., k, m], with `transposeB` b [..., n, k].
 * The result is multiplied by `scale`.
 */
export function matmul(
  a: Tensor,
  b: Tensor,
  {
    transposeA = false,
    transposeB = false,
    scale = 1,
  }: { transposeA?: boolean; transposeB?: boolean; scale?: number } = {},
): Tensor {
  expectType('matmul', a, 'float32');
  expectType('matmul', b, 'float32');
  const [m, k] = lastTwo(a, transposeA);
  const [inner, n] = lastTwo(b, transposeB);
  if (k !== inner)
    throw new TraceError({
      operation: 'matmul',
      problem: `${describeType(a)}${transposeA ? ' transposed' : ''} and ${describeType(b)}${transposeB ? ' transposed' : ''} have inner sizes ${k} and ${inner}`,
    });
  const lead = broadcastShape(
    'matmul',
    { ...a, shape: a.shape.slice(0, -2) },
    { ...b, shape: b.shape.slice(0, -2) },
  );
  return recordOne({ kind: 'matmul', transposeA, transposeB, scale }, [a, b], 'float32', [
    ...lead,
    m,
    n,
  ]);
}

function lastTwo(x: Tensor, isTransposed: boolean): [number, number] {
  if (x.shape.length < 2)
    throw new TraceError({
      operation: 'matmul',
      problem: `${describeType(x)} has fewer than two axes`,
    });
  const rows = sizeAt(x, x.shape.length - 2);
  const columns = sizeAt(x, x.shape.length - 1);
  return isTransposed ? [columns, rows] : [rows, columns];
}
