import type { Clock } from '@espalier/core';
import {
  createEmbeddingPipeline,
  type EmbeddingPipeline,
} from '../../embedding/create-embedding-pipeline.js';
import type { EmbeddingCache } from '../../embedding/embedding-cache.js';
import { embeddingIdentity } from '../../embedding/embedding-identity.js';
import { hashText } from '../../embedding/hash-text.js';
import { createTokenEmbeddingModel } from '../../ranking/create-token-embedding-model.js';
import { HYBRID_PROFILES, type HybridWeights } from '../../ranking/hybrid-profile.js';
import { packTokenStates } from '../../ranking/pack-token-states.js';
import type { KnowledgeBasesOptions } from '../create-knowledge-bases.js';
import type { LegWeights } from '../search/rank-candidates.js';
import type { TokenStateSource } from '../search/token-search.js';
import type { BaseContext, BaseSetup } from './base-context.js';

/** Knows what each knowledge base does in a way of its own. */
export function createBaseSetups(
  options: KnowledgeBasesOptions,
  seams: { cache: EmbeddingCache | undefined; states: TokenStateSource | undefined; clock: Clock },
): BaseContext['setupOf'] {
  const setups = new Map<string, BaseSetup>();
  const make = ({ name, tenant }: { name: string; tenant: string }): BaseSetup => {
    const own = options.rankingOf?.({ name, ...(tenant === '' ? {} : { tenant }) }) ?? {};
    const states =
      seams.states === undefined || own.tokenStates === false
        ? undefined
        : { ...seams.states, bits: own.tokenStates ?? seams.states.bits };
    return {
      weights: {
        ...legWeights(HYBRID_PROFILES[states === undefined ? 'balanced' : 'quality']),
        ...options.weights,
        ...own.weights,
      },
      tokenStates: states,
      ranker: own.ranker,
      embedder: createEmbedder(options, { ...seams, states, kept: seams.states }),
    };
  };
  return (base) => {
    const key = `${base.tenant}/${base.name}`;
    const setup = setups.get(key) ?? make(base);
    setups.set(key, setup);
    return setup;
  };
}

/** Embeds through the token encoder where there is one, and keeps the states that it gives beside the vectors. */
export function createEmbedder(
  { embeddingModel, embedding, random }: KnowledgeBasesOptions,
  seams: {
    cache: EmbeddingCache | undefined;
    /** Where states of what is embedded go to. */
    states: TokenStateSource | undefined;
    /** Where states may lie that have to be forgotten. */
    kept: TokenStateSource | undefined;
    clock: Clock;
  },
): EmbeddingPipeline {
  const { cache, states, kept, clock } = seams;
  const encoder = embeddingIdentity(embeddingModel);
  const model =
    states === undefined
      ? embeddingModel
      : createTokenEmbeddingModel({
          encoder: states.encoder,
          maxTokensPerText: embeddingModel.limits.maxTokensPerText,
          onStates: (found) =>
            states.cache.set({
              encoder,
              bits: states.bits,
              entries: found.map(({ text, states: own }) => ({
                textHash: hashText(text),
                states: packTokenStates(own),
              })),
            }),
        });
  const pipeline = createEmbeddingPipeline({
    model,
    clock,
    ...(cache === undefined ? {} : { cache }),
    ...(random === undefined ? {} : { random }),
    ...(embedding?.retry === undefined ? {} : { retry: embedding.retry }),
    ...(embedding?.concurrency === undefined ? {} : { concurrency: embedding.concurrency }),
  });
  if (kept === undefined) return pipeline;
  return {
    ...pipeline,
    async forget(textHashes) {
      const vectors = await pipeline.forget(textHashes);
      return vectors + (await kept.cache.forget(textHashes));
    },
  };
}

/** The weights of a profile under the names that legs have here. */
function legWeights(profile: HybridWeights): LegWeights {
  return {
    bm25: profile.bm25,
    vector: profile.vector,
    documentBm25: profile.parentBm25,
    documentVector: profile.parentVector,
    feedback: profile.feedback,
    similar: profile.similar,
    part: profile.part,
    maxSim: profile.maxSim,
    maxSimWindow: profile.maxSimWindow,
    ordered: profile.ordered,
    title: profile.title,
    identifiers: profile.identifiers,
    declared: profile.declared,
  };
}
