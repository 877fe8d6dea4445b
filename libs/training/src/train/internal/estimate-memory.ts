import type { TensorGraph, TensorType } from '@espalier/core';

const BYTES = {
  float32: 4,
  int32: 4,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;

/** Bytes that a value takes. */
export const bytesOf = ({ dtype, shape }: TensorType): number =>
  shape.reduce((product, size) => product * size, BYTES[dtype]);

/**
 * Bytes that one step of a program needs beside the states that are there: constants, and the most that values take which
 * are alive at once, new values of states among them.
 *
 * A runtime that works on in place or fuses needs less, one that reorders may need somewhat more.
 */
export function stepBytes(graph: TensorGraph): number {
  const type = (value: number): TensorType =>
    graph.values[value] ?? { dtype: 'float32', shape: [] };
  const lastUse = new Map<number, number>();
  for (const [index, { inputs }] of graph.nodes.entries())
    for (const input of inputs) lastUse.set(input, index);
  for (const { value } of [...graph.outputs, ...graph.updates])
    lastUse.set(value, graph.nodes.length);
  const own = new Set<number>();
  let live = 0;
  let most = 0;
  for (const [index, { inputs, outputs }] of graph.nodes.entries()) {
    for (const output of outputs) {
      own.add(output);
      live += bytesOf(type(output));
    }
    most = Math.max(most, live);
    for (const value of new Set([...inputs, ...outputs])) {
      if (!own.has(value) || (lastUse.get(value) ?? index) > index) continue;
      own.delete(value);
      live -= bytesOf(type(value));
    }
  }
  const constants = graph.constants.reduce((total, { data }) => total + bytesOf(data), 0);
  return constants + most;
}
