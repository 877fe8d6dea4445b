import type { Reranker } from '@espalier/core';
import { createHybridRanker, type HybridRankerOptions } from './create-hybrid-ranker.js';
import { HYBRID_PROFILES, type HybridWeights } from './hybrid-profile.js';
import type { RankerModel } from './learned/ranker-model.js';

const MAX_TEXTS = 200;

/**
 * Creates a reranker of a learned ranker's model, for texts that come from anywhere.
 *
 * The texts of a call are all that it knows of the corpus: how rare a word is, and how far scores spread, is counted among
 * them. Where the whole corpus is at hand, give the model to `HybridRanker.rank` instead. Each call encodes its texts;
 * with token states that a store holds, it looks them up.
 *
 * @throws {RankerFeatureError} `ERR_RAG_RANKER_FEATURE`, of a call: the model was trained with a token encoder or weights
 * that are not given here.
 */
export function createLearnedReranker(options: {
  readonly model: RankerModel;
  readonly encoder: HybridRankerOptions['encoder'];
  /** Those that the model was trained with. Default: of the profile `quality` with a token encoder, else `balanced`. */
  readonly weights?: HybridWeights;
}): Reranker {
  const { model, encoder } = options;
  const hasTokens = 'tokenEncoder' in encoder;
  const weights = options.weights ?? HYBRID_PROFILES[hasTokens ? 'quality' : 'balanced'];
  const { modelId } = hasTokens ? encoder.tokenEncoder : encoder.embeddingModel;
  return {
    specificationVersion: 'v1',
    provider: 'espalier',
    modelId: `learned:${modelId}`,
    limits: { maxTextsPerCall: MAX_TEXTS },
    async doRerank({ query, texts, topK = texts.length, abortSignal }) {
      abortSignal?.throwIfAborted();
      if (texts.length === 0) return { ranking: [], warnings: [] };
      const signal = abortSignal === undefined ? {} : { abortSignal };
      const ranker = await createHybridRanker({
        passages: texts.map((text, index) => ({ id: String(index), text })),
        weights: { ...weights, candidates: texts.length },
        encoder,
        ...signal,
      });
      const found = await ranker.rank({ query, topK, model, ...signal });
      return {
        ranking: found.map(({ id, score }) => ({ index: Number(id), score })),
        warnings: [],
      };
    },
  };
}
