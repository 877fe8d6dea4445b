import type { BinaryKind, TensorDType, TensorOperation, UnaryKind } from '@espalier/core';
import { TraceError } from '../errors.js';
import { describeType, sameShape, type Tensor, type Trace } from './trace.js';

type Operand = Tensor | number;

/** Types that values are only stored in. */
const STORED: ReadonlySet<TensorDType> = new Set(['uint8', 'int8', 'float16', 'bfloat16']);

/** Fails where a type is only stored in. */
function expectComputed(operation: string, tensor: Tensor): void {
  if (!STORED.has(tensor.dtype)) return;
  throw new TraceError({
    operation,
    problem: `it does not compute with ${describeType(tensor)}; cast it first`,
  });
}

/** Records an operation with one result. */
export function recordOne(
  operation: TensorOperation,
  inputs: readonly Tensor[],
  dtype: TensorDType,
  shape: readonly number[],
): Tensor {
  const [first] = inputs;
  const [result] = first?.trace.record(operation, inputs, [{ dtype, shape }]) ?? [];
  if (result === undefined)
    throw new TraceError({ operation: operation.kind, problem: 'it has no input' });
  return result;
}

/** A number as a tensor of a trace. */
export function scalar(trace: Trace, value: number, dtype: TensorDType = 'float32'): Tensor {
  if (STORED.has(dtype))
    throw new TraceError({
      operation: 'scalar',
      problem: `${dtype} is a type to store in; cast the tensor beside it to float32 first`,
    });
  const data =
    dtype === 'float32'
      ? Float32Array.of(value)
      : dtype === 'int32'
        ? Int32Array.of(value)
        : Uint8Array.of(value);
  return trace.constant({ dtype, shape: [], data });
}

/** The shape that two shapes broadcast to, by NumPy's rules. */
export function broadcastShape(operation: string, a: Tensor, b: Tensor): number[] {
  const rank = Math.max(a.shape.length, b.shape.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a.shape[axis - rank + a.shape.length] ?? 1;
    const right = b.shape[axis - rank + b.shape.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new TraceError({
      operation,
      problem: `${describeType(a)} and ${describeType(b)} do not broadcast: axis ${axis} has ${left} and ${right}`,
    });
  });
}

/** Fails unless the tensor has the type. */
export function expectType(operation: string, tensor: Tensor, dtype: TensorDType): void {
  if (tensor.dtype === dtype) return;
  throw new TraceError({
    operation,
    problem: `it takes ${dtype}, but was given ${describeType(tensor)}; cast it first`,
  });
}

const unary =
  (kind: UnaryKind, dtype: TensorDType = 'float32') =>
  (x: Tensor): Tensor => {
    expectType(kind, x, dtype);
    return recordOne({ kind }, [x], dtype, x.shape);
  };

const binary =
  (kind: BinaryKind, result?: TensorDType) =>
  (a: Operand, b: Operand): Tensor => {
    const left = typeof a === 'number' ? lift(a, b) : a;
    const right = typeof b === 'number' ? lift(b, left) : b;
    if (kind === 'and') expectType(kind, left, 'bool');
    else if (left.dtype === 'bool') expectType(kind, left, 'float32');
    expectType(kind, right, left.dtype);
    expectComputed(kind, left);
    return recordOne(
      { kind },
      [left, right],
      result ?? left.dtype,
      broadcastShape(kind, left, right),
    );
  };

function lift(value: number, beside: Operand): Tensor {
  if (typeof beside !== 'number') return scalar(beside.trace, value, beside.dtype);
  throw new TraceError({ operation: 'scalar', problem: 'one of two operands must be a tensor' });
}

export const neg = unary('neg');
export const exp = unary('exp');
export const log = unary('log');
export const sqrt = unary('sqrt');
export const reciprocal = unary('reciprocal');
export const tanh = unary('tanh');
export const sigmoid = unary('sigmoid');
/** The error function. */
export const erf = unary('erf');
export const relu = unary('relu');
export const abs = unary('abs');
export const sign = unary('sign');
/** x Φ(x), by the error function. */
export const gelu = unary('gelu');
/** GELU's approximation by tanh, as GPT-2 has it. */
export const geluTanh = unary('geluTanh');
/** x σ(x). */
export const silu = unary('silu');
export const not = unary('not', 'bool');

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const maximum = binary('maximum');
export const minimum = binary('minimum');
export const less = binary('less', 'bool');
export const equal = binary('equal', 'bool');
export const and = binary('and', 'bool');

/** Picks from `a` where the condition holds, else from `b`; all broadcast. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  expectType('where', condition, 'bool');
  const left =
    typeof a === 'number'
      ? typeof b === 'number'
        ? scalar(condition.trace, a)
        : scalar(condition.trace, a, b.dtype)
      : a;
  const right = typeof b === 'number' ? scalar(condition.trace, b, left.dtype) : b;
  expectType('where', right, left.dtype);
  expectComputed('where', left);
  const shape = broadcastShape('where', left, right);
  const full = broadcastShape('where', condition, { ...left, shape });
  return recordOne({ kind: 'where' }, [condition, left, right], left.dtype, full);
}

/** The same values, through which no gradient flows. */
export function detach(x: Tensor): Tensor {
  return recordOne({ kind: 'detach' }, [x], x.dtype, x.shape);
}

/** The same values in another type. */
export function cast(x: Tensor, to: TensorDType): Tensor {
  return x.dtype === to ? x : recordOne({ kind: 'cast', to }, [x], to, x.shape);
}

/** Repeats axes of length 1, and adds leading ones. */
export function expand(x: Tensor, shape: readonly number[]): Tensor {
  expectComputed('expand', x);
  if (sameShape(x.shape, shape)) return x;
  const result = broadcastShape('expand', x, { ...x, shape });
  if (!sameShape(result, shape))
    throw new TraceError({
      operation: 'expand',
      problem: `${describeType(x)} does not expand to [${shape.join(', ')}]`,
    });
  return recordOne({ kind: 'expand', shape }, [x], x.dtype, shape);
}
