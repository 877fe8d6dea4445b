import type { TensorData } from '@espalier/core';

/** The names and values that a state begins with, however they were given. */
export function stateEntries(
  initial: Readonly<Record<string, TensorData>> | ReadonlyMap<string, TensorData>,
): Iterable<readonly [string, TensorData]> {
  return isMap(initial) ? initial : Object.entries(initial);
}

function isMap(
  initial: Readonly<Record<string, TensorData>> | ReadonlyMap<string, TensorData>,
): initial is ReadonlyMap<string, TensorData> {
  return initial instanceof Map;
}
