import type { TokenStates } from '@espalier/core';

/** Token states at a byte a value, as stores keep them. */
export interface PackedTokenStates {
  /** Shape: [tokens]. */
  readonly ids: Int32Array;
  /** Shape: [tokens × dimension]; a value is `byte × scale of its token`. */
  readonly bytes: Int8Array;
  /** Shape: [tokens]. */
  readonly scales: Float32Array;
  /** The sentence vectors of the text's windows, in full precision. */
  readonly windows: readonly Float32Array[];
}

const MAX_BYTE = 127;

/** Returns the states at a byte a value; each token is scaled by its largest value, so that no value is off by more than 1/254 of it. */
export function packTokenStates(states: TokenStates): PackedTokenStates {
  const { ids, vectors, windows } = states;
  const dimension = ids.length === 0 ? 0 : vectors.length / ids.length;
  const bytes = new Int8Array(vectors.length);
  const scales = new Float32Array(ids.length);
  for (let token = 0; token < ids.length; token += 1) {
    const start = token * dimension;
    let largest = 0;
    for (let i = start; i < start + dimension; i += 1) {
      largest = Math.max(largest, Math.abs(vectors[i] ?? 0));
    }
    if (largest === 0) continue;
    const scale = largest / MAX_BYTE;
    scales[token] = scale;
    for (let i = start; i < start + dimension; i += 1) {
      bytes[i] = Math.round((vectors[i] ?? 0) / scale);
    }
  }
  return { ids, bytes, scales, windows };
}
