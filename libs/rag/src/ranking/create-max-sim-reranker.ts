import type { Reranker, TokenEncoder } from '@espalier/core';
import type { TokenStateStore } from './create-token-state-file.js';
import { encodeTexts } from './internal/encode-texts.js';
import { maxSim } from './max-sim.js';
import { packTokenStates } from './pack-token-states.js';
import { createTokenWeights, type TokenWeights } from './token-weights.js';

const MAX_TEXTS = 1000;

/**
 * Creates a reranker that lets each token of the query find its likest token of a text (late interaction).
 *
 * Needs no training beyond the encoder's. Texts whose states `states` holds cost a look-up; the others are encoded
 * and, with `states`, kept. Rare tokens count more: as rare as `tokenWeights` says, else among the texts of the call.
 */
export function createMaxSimReranker(options: {
  readonly encoder: TokenEncoder;
  readonly states?: TokenStateStore;
  readonly tokenWeights?: TokenWeights;
}): Reranker {
  const { encoder, states } = options;
  return {
    specificationVersion: 'v1',
    provider: 'espalier',
    modelId: `max-sim:${encoder.modelId}`,
    limits: { maxTextsPerCall: MAX_TEXTS },
    async doRerank({ query, texts, topK = texts.length, abortSignal }) {
      const signal = abortSignal === undefined ? {} : { abortSignal };
      const { states: queries } = await encoder.doEncodeTokens({
        texts: [query],
        purpose: 'query',
        ...signal,
      });
      const passages = await encodeTexts({ encoder, texts, store: states, ...signal });
      const weights = options.tokenWeights ?? createTokenWeights();
      if (options.tokenWeights === undefined) for (const { ids } of passages) weights.add(ids);
      const asked = queries[0] === undefined ? undefined : packTokenStates(queries[0]);
      const ranking = passages.map((passage, index) => ({
        index,
        score:
          asked === undefined
            ? 0
            : maxSim({ query: asked, passage, weights: weights.weightsOf(asked.ids) }),
      }));
      ranking.sort((a, b) => b.score - a.score || a.index - b.index);
      return { ranking: ranking.slice(0, topK), warnings: [] };
    },
  };
}
