import type {
  NamedValue,
  TensorData,
  TensorGraph,
  TensorNode,
  TensorOperation,
  TensorType,
} from '@espalier/core';
import { TraceError } from '../errors.js';

/** A value of a program that is being traced. */
export interface Tensor extends TensorType {
  readonly trace: Trace;
  /** Index into the graph's values. */
  readonly value: number;
}

/** Records the operations on its tensors; `finish` gives the program. */
export interface Trace {
  readonly values: readonly TensorType[];
  readonly nodes: readonly TensorNode[];
  /** A value given anew at each step. */
  feed(name: string, type: TensorType): Tensor;
  /** A value kept by the backend; asking twice gives the same tensor. */
  state(name: string, type: TensorType): Tensor;
  constant(data: TensorData): Tensor;
  /** Hands a value out of each step. */
  output(name: string, tensor: Tensor): void;
  /** Sets what a state becomes after the step. */
  update(name: string, tensor: Tensor): void;
  /** The tensor of a value of this trace. */
  tensor(value: number): Tensor;
  /** Adds one operation. For libraries of operations; programs call those. */
  record(
    operation: TensorOperation,
    inputs: readonly Tensor[],
    types: readonly TensorType[],
  ): Tensor[];
  /** The program, without what no output and no update needs. */
  finish(): TensorGraph;
}

/** Begins an empty program. */
export function createTrace(): Trace {
  const values: TensorType[] = [];
  const nodes: TensorNode[] = [];
  const constants: { value: number; data: TensorData }[] = [];
  const scalars = new Map<string, Tensor>();
  const feeds = new Map<string, Tensor>();
  const states = new Map<string, Tensor>();
  const outputs = new Map<string, Tensor>();
  const updates = new Map<string, Tensor>();

  const add = ({ dtype, shape }: TensorType): Tensor => {
    for (const size of shape) {
      if (!Number.isInteger(size) || size < 1)
        throw new TraceError({
          operation: 'tensor',
          problem: `the shape [${shape.join(', ')}] has the size ${size}`,
        });
    }
    values.push({ dtype, shape });
    return { trace, value: values.length - 1, dtype, shape };
  };

  const own = (operation: string, tensor: Tensor): Tensor => {
    if (tensor.trace === trace) return tensor;
    throw new TraceError({ operation, problem: 'a tensor belongs to another trace' });
  };

  const trace: Trace = {
    values,
    nodes,
    feed(name, type) {
      if (feeds.has(name))
        throw new TraceError({ operation: 'feed', problem: `"${name}" is fed twice` });
      const tensor = add(type);
      feeds.set(name, tensor);
      return tensor;
    },
    state(name, type) {
      const known = states.get(name);
      if (known !== undefined) {
        if (known.dtype === type.dtype && sameShape(known.shape, type.shape)) return known;
        throw new TraceError({
          operation: 'state',
          problem: `"${name}" is ${describeType(known)} and asked for as ${describeType(type)}`,
        });
      }
      const tensor = add(type);
      states.set(name, tensor);
      return tensor;
    },
    constant(data) {
      const isScalar = data.shape.length === 0;
      const key = `${data.dtype}:${String(data.data[0])}`;
      const known = isScalar ? scalars.get(key) : undefined;
      if (known !== undefined) return known;
      const count = data.shape.reduce((product, size) => product * size, 1);
      if (data.data.length !== count)
        throw new TraceError({
          operation: 'constant',
          problem: `${data.data.length} values do not fill ${describeType(data)}`,
        });
      const tensor = add(data);
      constants.push({ value: tensor.value, data });
      if (isScalar) scalars.set(key, tensor);
      return tensor;
    },
    output(name, tensor) {
      outputs.set(name, own('output', tensor));
    },
    update(name, tensor) {
      const state = states.get(name);
      if (state === undefined)
        throw new TraceError({ operation: 'update', problem: `there is no state "${name}"` });
      if (state.dtype !== tensor.dtype || !sameShape(state.shape, tensor.shape))
        throw new TraceError({
          operation: 'update',
          problem: `state "${name}" is ${describeType(state)}, its update ${describeType(tensor)}`,
        });
      updates.set(name, own('update', tensor));
    },
    tensor(value) {
      const type = values[value];
      if (type === undefined)
        throw new TraceError({ operation: 'tensor', problem: `there is no value ${value}` });
      return { trace, value, ...type };
    },
    record(operation, inputs, types) {
      for (const input of inputs) own(operation.kind, input);
      const results = types.map(add);
      nodes.push({
        operation,
        inputs: inputs.map(({ value }) => value),
        outputs: results.map(({ value }) => value),
      });
      return results;
    },
    finish() {
      const needed = new Set([...outputs.values(), ...updates.values()].map(({ value }) => value));
      const kept: TensorNode[] = [];
      for (const node of nodes.toReversed()) {
        if (!node.outputs.some((output) => needed.has(output))) continue;
        for (const input of node.inputs) needed.add(input);
        kept.push(node);
      }
      const named = (tensors: ReadonlyMap<string, Tensor>): NamedValue[] =>
        [...tensors].map(([name, { value }]) => ({ name, value }));
      return {
        values,
        nodes: kept.reverse(),
        constants: constants.filter(({ value }) => needed.has(value)),
        feeds: named(feeds).filter(({ value }) => needed.has(value)),
        states: named(states).filter(({ name, value }) => needed.has(value) || updates.has(name)),
        updates: named(updates),
        outputs: named(outputs),
      };
    },
  };
  return trace;
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** `float32[2, 3]`. */
export function describeType({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.join(', ')}]`;
}
