import type { PackedTokenStates } from '../pack-token-states.js';

const PART_TOKENS = 100;

/**
 * Returns the mean state of each part of about a hundred tokens, in order (late chunking).
 *
 * Every token has been read in the light of its window, so that a part knows its context; and there is nothing to encode
 * again.
 *
 * @see Günther et al., "Late Chunking" (2024).
 */
export function meanParts(states: PackedTokenStates, dimension: number): Float32Array[] {
  const tokens = states.ids.length;
  const count = tokens === 0 ? 0 : Math.max(1, Math.round(tokens / PART_TOKENS));
  return Array.from({ length: count }, (_, part) => {
    const start = Math.round((part * tokens) / count);
    const end = Math.round(((part + 1) * tokens) / count);
    const mean = new Float32Array(dimension);
    for (let token = start; token < end; token += 1) {
      const scale = states.scales[token] ?? 0;
      for (let i = 0; i < dimension; i += 1) {
        mean[i] = (mean[i] ?? 0) + scale * (states.bytes[token * dimension + i] ?? 0);
      }
    }
    return mean;
  });
}
