import { instantiateKernels } from '../simd/wasm/instantiate-kernels.js';
import { maxSim } from './max-sim.js';
import type { PackedTokenStates } from './pack-token-states.js';

const KERNEL_MULTIPLE = 32;
const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;

/** Late interaction of one query with passages, as {@link maxSim} has it. */
export interface MaxSimScorer {
  score(passage: PackedTokenStates): number;
}

/** Compares queries of one dimension with passages. */
export interface MaxSimScorers {
  /** `weights`: one for each token of the query; default: all equal. One query at a time: the next one ends the last. */
  ask(query: PackedTokenStates, weights?: ArrayLike<number>): MaxSimScorer;
}

/**
 * Creates what computes {@link maxSim} with WebAssembly SIMD, some six times as fast as without.
 *
 * Falls back to the plain loop for dimensions that are no multiple of 32 and on platforms without SIMD; the results
 * differ by rounding only.
 */
export function createMaxSimScorers(options: { readonly dimension: number }): MaxSimScorers {
  const { dimension } = options;
  const plain: MaxSimScorers = {
    ask: (query, weights) => ({
      score: (passage) => maxSim({ query, passage, ...(weights === undefined ? {} : { weights }) }),
    }),
  };
  if (dimension % KERNEL_MULTIPLE !== 0) return plain;
  let platform: ReturnType<typeof instantiateKernels>;
  try {
    platform = instantiateKernels({ dimension });
  } catch {
    return plain;
  }
  const { kernels, memory } = platform;
  const reserve = (bytes: number): void => {
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  };
  return {
    ask(query, weights) {
      const tokens = query.ids.length;
      const queryBytes = tokens * dimension * 2;
      reserve(queryBytes);
      new Int16Array(memory.buffer, 0, tokens * dimension).set(query.bytes);
      const listAt = aligned(queryBytes);
      return {
        score(passage) {
          const count = passage.ids.length;
          if (tokens === 0 || count === 0) return 0;
          const scalesAt = aligned(listAt + count * 4);
          const outAt = aligned(scalesAt + count * 4);
          const codesAt = aligned(outAt + count * 4);
          reserve(codesAt + count * dimension);
          const list = new Int32Array(memory.buffer, listAt, count);
          for (let n = 0; n < count; n += 1) list[n] = n;
          new Float32Array(memory.buffer, scalesAt, count).set(passage.scales);
          new Int8Array(memory.buffer, codesAt, count * dimension).set(passage.bytes);
          const out = new Float32Array(memory.buffer, outAt, count);
          let total = 0;
          let totalWeight = 0;
          for (let token = 0; token < tokens; token += 1) {
            const at = token * dimension * 2;
            kernels.dots(listAt, count, codesAt, scalesAt, at, query.scales[token] ?? 0, outAt);
            let best = -Infinity;
            for (let n = 0; n < count; n += 1) {
              const value = out[n] ?? 0;
              if (value > best) best = value;
            }
            const weight = weights?.[token] ?? 1;
            total += weight * best;
            totalWeight += weight;
          }
          return totalWeight === 0 ? 0 : total / totalWeight;
        },
      };
    },
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
