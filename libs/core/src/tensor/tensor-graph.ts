import type { TensorOperation } from './tensor-operation.js';

/** The types of values that tensor programs compute with. */
export type TensorDType = 'float32' | 'int32' | 'bool';

/** The type of a value; a scalar has the shape []. */
export interface TensorType {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
}

/** A value outside a program, row-major. bool is one byte each, 0 or 1. */
export interface TensorData extends TensorType {
  readonly data: Float32Array | Int32Array | Uint8Array;
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
