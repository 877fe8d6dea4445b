import type { TokenEncoder } from '@espalier/core';
import { embeddingIdentity } from '../../embedding/embedding-identity.js';
import { createMaxSimScorers, type TokenMatch } from '../../ranking/create-max-sim-scorers.js';
import { meanParts } from '../../ranking/internal/mean-parts.js';
import { packTokenStates, type PackedTokenStates } from '../../ranking/pack-token-states.js';
import type { TokenCodeBits } from '../../ranking/token-codes.js';
import type { TokenStateCache } from '../../ranking/token-state-cache.js';
import { createTokenWeights, type TokenWeights } from '../../ranking/token-weights.js';
import type { KnowledgeBaseParts } from '../internal/knowledge-base-parts.js';
import { cosine } from '../../internal/cosine.js';
import type { Candidate } from './find-candidates.js';

/** Chunks whose tokens are counted to know how rare a token is; a smaller corpus is counted as a whole. */
const SAMPLE_SIZE = 4096;
/** Of the candidates whose states are not kept, so many of the best are encoded within a search, and kept. */
const ENCODED_PER_SEARCH = 20;

/** What knowledge bases share for late interaction. */
export interface TokenStateSource {
  readonly encoder: TokenEncoder;
  readonly cache: TokenStateCache;
  /** Bits that a value is kept in. */
  readonly bits: TokenCodeBits;
}

/** A query as the token encoder reads it. */
export interface TokenQuery {
  readonly states: PackedTokenStates;
  readonly vector: Float32Array;
}

/** How a query meets one candidate. */
interface CandidateMatch extends TokenMatch {
  /** The cosine of its likest part. */
  readonly part: number;
}

/** Late interaction with the chunks of one knowledge base. */
export interface TokenSearch {
  encodeQuery(query: string, abortSignal: AbortSignal | undefined): Promise<TokenQuery>;
  /** One match for each candidate; undefined where its states are not kept and there was no time to encode it. */
  match(
    query: TokenQuery,
    candidates: readonly Candidate[],
    abortSignal: AbortSignal | undefined,
  ): Promise<readonly (CandidateMatch | undefined)[]>;
  /** To be called after the corpus has changed. */
  reset(): void;
}

/** Creates the late interaction of one knowledge base. */
export function createTokenSearch(
  parts: Pick<KnowledgeBaseParts, 'corpus' | 'catalogue'>,
  { encoder, cache, bits }: TokenStateSource,
): TokenSearch {
  const { corpus, catalogue } = parts;
  const { dimension } = encoder;
  const identity = embeddingIdentity(encoder);
  const scorers = createMaxSimScorers({ dimension });
  let weights: Promise<TokenWeights> | undefined;

  const countTokens = async (): Promise<TokenWeights> => {
    const chunks = [...corpus.documents.values()].flatMap((document) => document.chunks);
    // Ids are hashes: the smallest are a fair sample, and the same one each time.
    const sample = chunks.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, SAMPLE_SIZE);
    const textHashes = sample.map(({ textHash }) => textHash);
    const result = createTokenWeights();
    for (const ids of (await cache.tokensOf({ encoder: identity, textHashes })).values())
      result.add(ids);
    return result;
  };
  const textOf = async ({ id, text, document }: Candidate): Promise<string> => {
    const chunks = await catalogue.chunksOf(document.id);
    return chunks.find((chunk) => chunk.id === id)?.indexText ?? text;
  };
  const encode = async (
    candidates: readonly Candidate[],
    abortSignal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, PackedTokenStates>> => {
    const texts = await Promise.all(candidates.map(textOf));
    const size = Math.max(1, encoder.limits.maxTextsPerCall);
    const found = new Map<string, PackedTokenStates>();
    for (let start = 0; start < texts.length; start += size) {
      abortSignal?.throwIfAborted();
      const { states } = await encoder.doEncodeTokens({
        texts: texts.slice(start, start + size),
        purpose: 'document',
        ...(abortSignal === undefined ? {} : { abortSignal }),
      });
      for (const [n, state] of states.entries())
        found.set(candidates[start + n]?.chunk.textHash ?? '', packTokenStates(state));
    }
    const entries = [...found].map(([textHash, states]) => ({ textHash, states }));
    // Nothing is kept of a chunk that went away in the meantime.
    const kept = entries.filter(({ textHash }) => corpus.chunkWithText(textHash) !== undefined);
    if (kept.length > 0) await cache.set({ encoder: identity, entries: kept, bits });
    return found;
  };

  return {
    async encodeQuery(query, abortSignal) {
      const { states } = await encoder.doEncodeTokens({
        texts: [query],
        purpose: 'query',
        ...(abortSignal === undefined ? {} : { abortSignal }),
      });
      const [asked] = states;
      return {
        states: packTokenStates(
          asked ?? { ids: new Int32Array(), vectors: new Float32Array(), windows: [] },
        ),
        vector: asked?.windows[0] ?? new Float32Array(dimension),
      };
    },
    async match(query, candidates, abortSignal) {
      weights ??= countTokens();
      const counted = weights;
      const textHashes = candidates.map(({ chunk }) => chunk.textHash);
      const known = await cache.get({ encoder: identity, textHashes });
      const missing = candidates.filter(({ chunk }) => !known.has(chunk.textHash));
      const encoded =
        missing.length === 0
          ? known
          : await encode(missing.slice(0, ENCODED_PER_SEARCH), abortSignal);
      let tokenWeights: TokenWeights;
      try {
        tokenWeights = await counted;
      } catch (error) {
        if (weights === counted) weights = undefined;
        throw error;
      }
      const scorer = scorers.ask(query.states, tokenWeights.weightsOf(query.states.ids));
      return textHashes.map((hash) => {
        const states = known.get(hash) ?? encoded.get(hash);
        if (states === undefined) return undefined;
        const cosines = meanParts(states, dimension).map((part) => cosine(query.vector, part));
        return { ...scorer.score(states), part: Math.max(0, ...cosines) };
      });
    },
    reset() {
      weights = undefined;
    },
  };
}
