import { createFeatureHasher } from './feature-hasher.js';

/** The weights of the fast tier. Shapes: `weights` int8 [buckets][heads]; `scales`, `bias` [heads]. */
export interface LinearWeights {
  readonly heads: readonly string[];
  readonly buckets: number;
  readonly weights: Int8Array;
  readonly scales: readonly number[];
  readonly bias: readonly number[];
}

/** Gives the log-odds of all heads for a text at once. */
export interface LinearClassifier {
  readonly heads: readonly string[];
  /** Shapes: → [heads] f64, log-odds. */
  logits(text: string): Float64Array;
}

/** Creates the linear classifier of the fast tier: a sum of rows over the buckets that a text fills. */
export function createLinearClassifier(model: LinearWeights): LinearClassifier {
  const { heads, weights, scales, bias } = model;
  const hasher = createFeatureHasher(model.buckets);
  const sums = new Int32Array(heads.length);
  return {
    heads,
    logits(text) {
      const buckets = hasher.hash(text.toLowerCase().replace(/\s+/g, ' ').trim());
      sums.fill(0);
      for (const bucket of buckets) {
        const row = bucket * heads.length;
        for (let head = 0; head < sums.length; head += 1) {
          sums[head] = (sums[head] ?? 0) + (weights[row + head] ?? 0);
        }
      }
      const norm = Math.sqrt(Math.max(1, buckets.length));
      return Float64Array.from(
        sums,
        (sum, head) => (sum * (scales[head] ?? 0)) / norm + (bias[head] ?? 0),
      );
    },
  };
}
