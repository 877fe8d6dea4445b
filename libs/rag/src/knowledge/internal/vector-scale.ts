import type { VectorIndex } from '@espalier/core';
import type { Corpus } from './corpus.js';
import { cosine, type ScoreScale } from './search.js';

/** Vectors looked at to know how cosines are distributed; a corpus of fewer chunks is measured exactly. */
const SAMPLE_SIZE = 1024;

/** Tells the mean and deviation of a query's cosine over the corpus. */
export interface VectorScaleEstimator {
  scaleOf(query: Float32Array): Promise<ScoreScale>;
  /** To be called after the corpus has changed. */
  reset(): void;
}

/**
 * Creates an estimator that samples the chunks with the smallest ids.
 *
 * Ids are hashes, so that the smallest are a fair sample, and the same one each time.
 */
export function createVectorScaleEstimator(options: {
  corpus: Corpus;
  index: VectorIndex;
}): VectorScaleEstimator {
  const { corpus, index } = options;
  let sample: Promise<readonly Float32Array[]> | undefined;

  const load = async (): Promise<readonly Float32Array[]> => {
    const ids = [...corpus.documents.values()].flatMap(({ chunks }) => chunks.map(({ id }) => id));
    const chosen = ids.sort().slice(0, SAMPLE_SIZE);
    return (await index.get({ ids: chosen })).map(({ vector }) => vector);
  };

  return {
    async scaleOf(query) {
      const loading = (sample ??= load());
      let vectors: readonly Float32Array[];
      try {
        vectors = await loading;
      } catch (error) {
        if (sample === loading) sample = undefined;
        throw error;
      }
      let sum = 0;
      let squares = 0;
      for (const vector of vectors) {
        const score = cosine(query, vector);
        sum += score;
        squares += score * score;
      }
      const count = Math.max(1, vectors.length);
      const mean = sum / count;
      return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
    },
    reset() {
      sample = undefined;
    },
  };
}
