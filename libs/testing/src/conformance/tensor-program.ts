import type {
  NamedValue,
  TensorData,
  TensorDType,
  TensorGraph,
  TensorNode,
  TensorOperation,
  TensorType,
} from '@espalier/core';

/** A tensor as it stands in the fixture. */
export interface PlainTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A tensor of a fixture as a value for a backend. */
export function toTensor({ dtype, shape, data }: PlainTensor): TensorData {
  if (dtype === 'float32') return { dtype, shape, data: Float32Array.from(data) };
  if (dtype === 'int32') return { dtype, shape, data: Int32Array.from(data) };
  if (dtype === 'int8') return { dtype, shape, data: Int8Array.from(data) };
  if (dtype === 'float16' || dtype === 'bfloat16')
    return { dtype, shape, data: Uint16Array.from(data) };
  return { dtype: dtype === 'uint8' ? 'uint8' : 'bool', shape, data: Uint8Array.from(data) };
}

/** Writes a program node by node, with no checks: backends are given what the fixture says. */
export function createProgramWriter() {
  const values: TensorType[] = [];
  const nodes: TensorNode[] = [];
  const named = {
    feeds: [] as NamedValue[],
    states: [] as NamedValue[],
    updates: [] as NamedValue[],
    outputs: [] as NamedValue[],
  };
  const add = (shape: readonly number[], dtype: TensorDType = 'float32'): number =>
    values.push({ dtype, shape }) - 1;
  return {
    feed(name: string, { dtype, shape }: TensorType): number {
      const value = add(shape, dtype);
      named.feeds.push({ name, value });
      return value;
    },
    state(name: string, shape: readonly number[], dtype?: TensorDType): number {
      const value = add(shape, dtype);
      named.states.push({ name, value });
      return value;
    },
    /** The values of a node's results. */
    node(
      operation: TensorOperation,
      inputs: readonly number[],
      types: readonly TensorType[],
    ): number[] {
      const outputs = types.map(({ dtype, shape }) => add(shape, dtype));
      nodes.push({ operation, inputs, outputs });
      return outputs;
    },
    /** A node with one float32 result. */
    apply(
      operation: TensorOperation,
      inputs: readonly number[],
      shape: readonly number[] = [],
    ): number {
      const output = add(shape);
      nodes.push({ operation, inputs, outputs: [output] });
      return output;
    },
    update(name: string, value: number): void {
      named.updates.push({ name, value });
    },
    output(name: string, value: number): void {
      named.outputs.push({ name, value });
    },
    finish: (): TensorGraph => ({ values, nodes, constants: [], ...named }),
  };
}

/** All axes of a shape. */
export const allAxes = (shape: readonly number[]): number[] => shape.map((_, axis) => axis);
