import type { TensorOperation } from './tensor-operation.js';

/**
 * The types of values in tensor programs.
 *
 * Programs compute with the first three. The others save memory: values of them are kept, fed, handed out, cast, reshaped,
 * sliced, gathered and dequantised.
 */
export type TensorDType = 'float32' | 'int32' | 'bool' | 'uint8' | 'int8' | 'float16' | 'bfloat16';

/** The type of a value; a scalar has the shape []. */
export interface TensorType {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
}

/** The array that holds values of a type: bool is one byte each, 0 or 1; float16 and bfloat16 are their bits. */
export type TensorValues = Float32Array | Int32Array | Uint8Array | Int8Array | Uint16Array;

/** A value outside a program, row-major. */
export interface TensorData extends TensorType {
  readonly data: TensorValues;
}

/** One operation; inputs and outputs are indices into the graph's `values`. */
export interface TensorNode {
  readonly operation: TensorOperation;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A value with a name that the outside knows. */
export interface NamedValue {
  readonly name: string;
  readonly value: number;
}

/** A traced program: nodes in an order in which each one's inputs come before it. Plain data. */
export interface TensorGraph {
  readonly values: readonly TensorType[];
  readonly nodes: readonly TensorNode[];
  readonly constants: readonly { readonly value: number; readonly data: TensorData }[];
  /** Values given anew at each step. */
  readonly feeds: readonly NamedValue[];
  /** Values kept by the backend between steps, e.g. weights and optimizer moments. */
  readonly states: readonly NamedValue[];
  /** What becomes of a state after the step; states without an update stay as they are. */
  readonly updates: readonly NamedValue[];
  /** Values handed out by each step. */
  readonly outputs: readonly NamedValue[];
}
