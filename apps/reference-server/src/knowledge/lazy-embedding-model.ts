import type { EmbeddingModel } from '@espalier/core';
import type { Lazy } from './lazy.js';

const CHARACTERS_PER_TOKEN = 4;

/** The embedding model as `/v1/embeddings` offers it before it is loaded; the first call loads it. */
export function createLazyEmbeddingModel(options: {
  modelId: string;
  dimension: number;
  model: Lazy<EmbeddingModel>;
}): EmbeddingModel {
  let loaded: EmbeddingModel | undefined;
  return {
    specificationVersion: 'v1',
    provider: 'espalier',
    get modelId() {
      return loaded?.modelId ?? options.modelId;
    },
    get dimension() {
      return loaded?.dimension ?? options.dimension;
    },
    limits: { maxTextsPerCall: 64, maxTokensPerText: 256, supportsParallelCalls: true },
    async doEmbed(call) {
      loaded = await options.model.get();
      return loaded.doEmbed(call);
    },
    countTokens: (text) =>
      loaded?.countTokens(text) ?? Math.ceil(text.length / CHARACTERS_PER_TOKEN),
  };
}
