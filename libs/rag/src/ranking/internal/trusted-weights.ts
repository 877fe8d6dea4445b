import type { HybridWeights } from '../hybrid-profile.js';
import type { LegTrust } from '../measure-leg-trust.js';

/** Multiplies the weights of what comes of words, and of vectors, by the trust in them; where none is left, all stay. */
export function trustedWeights(
  weights: HybridWeights,
  trust: Readonly<Record<'bm25' | 'vector', LegTrust>>,
): HybridWeights {
  const words = trust.bm25.trust;
  const vectors = trust.vector.trust;
  if (words + vectors === 0 || (words === 1 && vectors === 1)) return weights;
  return {
    ...weights,
    bm25: weights.bm25 * words,
    parentBm25: weights.parentBm25 * words,
    vector: weights.vector * vectors,
    part: weights.part * vectors,
    parentVector: weights.parentVector * vectors,
    feedback: weights.feedback * vectors,
    similar: weights.similar * vectors,
    maxSim: weights.maxSim * vectors,
    maxSimWindow: weights.maxSimWindow * vectors,
  };
}
