import { InvalidArgumentError, type EmbeddingModel, type TokenEncoder } from '@espalier/core';
import type { AdaptationReport } from './adaptation/query-adapter.js';
import type { Bm25Index } from '../lexical/bm25-index.js';
import { createBm25Index } from '../lexical/create-bm25-index.js';
import { createLatentIndex, type LatentIndex } from './create-latent-index.js';
import type { TokenStateStore } from './create-token-state-file.js';
import { fuseStandardized, type ScoreLeg } from './fuse-scores.js';
import type { HybridWeights } from './hybrid-profile.js';
import { candidateFeatures } from './internal/candidate-features.js';
import { closeLegs } from './internal/close-legs.js';
import { neighborScores, spreadToPassages, structureOf } from './internal/document-structure.js';
import { createPassageEncoder, type PassageEncoder } from './internal/passage-encoder.js';
import { indexedText } from './internal/passage-text.js';
import { scoreWithModel, type RankerModel } from './learned/ranker-model.js';
import type { CandidateFeatures } from './learned/ranking-features.js';
import { trustedWeights } from './internal/trusted-weights.js';
import { measureLegTrust, type LegTrust } from './measure-leg-trust.js';
import { standardizeScores } from './standardize-scores.js';

/** A passage to be ranked. */
export interface RankablePassage {
  readonly id: string;
  readonly title?: string;
  readonly text: string;
  /** The document that it belongs to. */
  readonly documentId?: string;
  /** Its place in that document. */
  readonly position?: number;
  /** When it was last changed, in ms since 1970; read by a learned ranker only. */
  readonly modifiedAt?: number;
}

/** A passage in its place. */
export interface HybridMatch {
  readonly id: string;
  readonly score: number;
  /** What each leg gave, before scales and weights. */
  readonly legs: Readonly<Record<string, number>>;
}

/** Ranks the passages of one corpus. */
export interface HybridRanker {
  readonly size: number;
  /**
   * Resolves to the best `topK` passages, best first.
   *
   * @throws {RankerFeatureError} `ERR_RAG_RANKER_FEATURE`: the learned ranker reads a leg that there is not, or that
   * `weights` leave out.
   */
  rank(options: {
    query: string;
    topK: number;
    /** In place of those that the ranker was made with. */
    weights?: HybridWeights;
    /** Orders the passages that are looked at closely, after the weights have chosen them. */
    model?: RankerModel;
    abortSignal?: AbortSignal;
  }): Promise<HybridMatch[]>;
  /** Resolves to what a learned ranker can know of the passages that are looked at closely. */
  features(options: {
    query: string;
    weights?: HybridWeights;
    abortSignal?: AbortSignal;
  }): Promise<CandidateFeatures>;
  /** How far words and vectors can be trusted in this corpus; the weights of what comes of them are multiplied by it. */
  readonly trust: Readonly<Record<'bm25' | 'vector', LegTrust>>;
  /** What was learned from the corpus; undefined where nothing was to be. */
  readonly adaptation: AdaptationReport | undefined;
}

/** What {@link createHybridRanker} takes. */
export interface HybridRankerOptions {
  readonly passages: readonly RankablePassage[];
  readonly weights: HybridWeights;
  /** Gives the vectors: an embedding model, or a token encoder, without which the legs `part`, `maxSim` and `maxSimWindow` are left out. */
  readonly encoder:
    | { readonly embeddingModel: EmbeddingModel }
    | { readonly tokenEncoder: TokenEncoder; readonly states: TokenStateStore };
  /**
   * Learn from the corpus how its queries lie to its passages, by what its passages could be asked for in their own words;
   * used only where held-out ones are found better. With a token encoder; costs its run for up to 800 short texts.
   * Default false.
   */
  readonly adapt?: boolean;
  /** Default: k1 1.5, b 0.75. */
  readonly bm25?: { readonly k1?: number; readonly b?: number };
  readonly onProgress?: (progress: { done: number; total: number }) => void;
  readonly abortSignal?: AbortSignal;
}

/** Lifts passages that were not looked at closely to just below those that were. */
const GAP = 1e-3;
const FEEDBACK_PASSAGES = 3;
const NO_WORDS = { scores: new Map<string, number>() };

/**
 * Encodes and indexes passages in memory, and resolves to what ranks them by words, meaning, structure and late
 * interaction, each put on the scale of its own distribution over the corpus.
 *
 * For corpora that fit in memory, and for evaluation. Ranks every passage for every query: nothing is approximate.
 *
 * @throws {InvalidArgumentError} two passages have one id.
 */
export async function createHybridRanker(options: HybridRankerOptions): Promise<HybridRanker> {
  const { passages } = options;
  assertUnique(passages);
  const bm25Options = { k1: 1.5, b: 0.75, ...options.bm25 };
  const structure = structureOf(passages);
  const words = createBm25Index(bm25Options);
  for (const [index, passage] of passages.entries()) words.set(String(index), indexedText(passage));
  let parents: Bm25Index | undefined;
  const parentWords = (): Bm25Index => {
    if (parents !== undefined) return parents;
    parents = createBm25Index(bm25Options);
    for (const [document, members] of structure.documents.entries()) {
      const texts = members.map((index) => {
        const passage = passages[index];
        return passage === undefined ? '' : indexedText(passage);
      });
      parents.set(String(document), texts.join('\n'));
    }
    return parents;
  };
  const encoder = await createPassageEncoder({ ...options, structure });
  let latentIndex: LatentIndex | undefined;
  const latent = (): LatentIndex =>
    (latentIndex ??= createLatentIndex({
      index: words,
      ids: passages.map((_, index) => String(index)),
    }));

  const firstScores = (query: string, meaning: Meaning, weights: HybridWeights): Legs => {
    const bm25 = dense(words.score(query).scores, passages.length);
    const own: Record<string, ScoreLeg> = {
      bm25: { scores: bm25, weight: weights.bm25 },
      vector: { scores: meaning.vector, weight: weights.vector },
      ...(meaning.part === undefined
        ? {}
        : { part: { scores: meaning.part, weight: weights.part } }),
      ...(weights.latent === 0
        ? {}
        : {
            latent: {
              scores: dense(latent().scores(query), passages.length),
              weight: weights.latent,
            },
          }),
    };
    const fused = fuseStandardized(Object.values(own));
    const around = structure.hasParents
      ? aroundLegs({ query, meaning, fused, weights })
      : feedbackLeg(meaning, fused, weights);
    const context = fuseStandardized(Object.values(around));
    return {
      legs: { ...own, ...around },
      fused: fused.map((score, i) => score + (context[i] ?? 0)),
    };
  };
  const aroundLegs = (given: {
    query: string;
    meaning: Meaning;
    fused: Float32Array;
    weights: HybridWeights;
  }): Record<string, ScoreLeg> => {
    const { query, meaning, fused, weights } = given;
    const { scores } = weights.parentBm25 === 0 ? NO_WORDS : parentWords().score(query);
    const ofParents = dense(scores, structure.documents.length);
    return {
      parentBm25: { scores: spreadToPassages(structure, ofParents), weight: weights.parentBm25 },
      parentVector: {
        scores: spreadToPassages(structure, meaning.parentVector),
        weight: weights.parentVector,
      },
      neighbors: { scores: neighborScores(structure, fused), weight: weights.neighbors },
    };
  };
  const feedbackLeg = (
    meaning: Meaning,
    fused: Float32Array,
    weights: HybridWeights,
  ): Record<string, ScoreLeg> => {
    if (weights.feedback === 0) return {};
    const first = orderOf(fused).slice(0, FEEDBACK_PASSAGES);
    return { feedback: { scores: meaning.feedback(first), weight: weights.feedback } };
  };
  const lookCloser = (given: {
    query: string;
    meaning: Meaning;
    close: readonly number[];
    fused: Float32Array;
    weights: HybridWeights;
  }) => {
    const { query, meaning, close, fused, weights } = given;
    const similar = structure.hasParents
      ? undefined
      : (index: number) => encoder.similarScore(index, fused);
    return closeLegs({
      query,
      close,
      passages,
      index: words,
      match: meaning.match,
      similar,
      weights,
    });
  };

  const trust = await measureLegTrust({
    size: passages.length,
    textOf: (place) => passages[place]?.text ?? '',
    legs: {
      bm25: (asked) =>
        asked.map(({ query, place }) => {
          const scores = dense(words.score(query).scores, passages.length);
          return standardizeScores(scores)[place] ?? 0;
        }),
      async vector(asked) {
        const lifts: number[] = [];
        for (const { query, place } of asked) {
          const { vector } = await encoder.encodeQuery(query, options.abortSignal);
          lifts.push(standardizeScores(vector)[place] ?? 0);
        }
        return lifts;
      },
    },
    abortSignal: options.abortSignal,
  });

  interface Look {
    readonly legs: Readonly<Record<string, ScoreLeg>>;
    readonly fused: Float32Array;
    readonly order: readonly number[];
    readonly close: readonly number[];
    readonly closer: Readonly<Record<string, ScoreLeg>>;
    /** Of the candidates, in the order of `close`. */
    readonly scores: Float32Array;
  }
  const look = async (given: {
    query: string;
    weights: HybridWeights;
    abortSignal?: AbortSignal | undefined;
  }): Promise<Look> => {
    const { query } = given;
    const weights = trustedWeights(given.weights, trust);
    given.abortSignal?.throwIfAborted();
    const asked = await encoder.encodeQuery(query, given.abortSignal);
    const { legs, fused } = firstScores(query, asked, weights);
    const order = orderOf(fused);
    const close = order.slice(0, weights.candidates);
    const closer = lookCloser({ query, meaning: asked, close, fused, weights });
    const added = fuseStandardized(Object.values(closer));
    const scores = Float32Array.from(close, (index, n) => (fused[index] ?? 0) + (added[n] ?? 0));
    return { legs, fused, order, close, closer, scores };
  };
  const featuresOf = (query: string, { close, legs, closer, scores }: Look): CandidateFeatures =>
    candidateFeatures({ query, passages, structure, index: words, close, legs, closer, scores });

  return {
    size: passages.length,
    trust,
    adaptation: encoder.adaptation,
    async features({ query, weights = options.weights, abortSignal }) {
      const text = query.toWellFormed();
      return featuresOf(text, await look({ query: text, weights, abortSignal }));
    },
    async rank({ query, topK, weights = options.weights, model, abortSignal }) {
      const text = query.toWellFormed();
      const found = await look({ query: text, weights, abortSignal });
      const { legs, fused, order, close, closer } = found;
      const learned =
        model === undefined ? undefined : learnedScores(model, featuresOf(text, found));
      const reranked = close
        .map((index, n) => ({
          index,
          score: learned?.get(passages[index]?.id ?? '') ?? found.scores[n] ?? 0,
        }))
        .sort((a, b) => b.score - a.score || a.index - b.index);
      const places = new Map(close.map((index, n) => [index, n]));
      const floor = reranked.at(-1)?.score ?? Infinity;
      const rest = order.slice(close.length);
      const shift = Math.max(0, (fused[rest[0] ?? -1] ?? -Infinity) - floor + GAP);
      const all = [
        ...reranked,
        ...rest.map((index) => ({ index, score: (fused[index] ?? 0) - shift })),
      ];
      return all.slice(0, topK).map(({ index, score }) => {
        const place = places.get(index);
        return {
          id: passages[index]?.id ?? '',
          score,
          legs: {
            ...valuesAt(legs, index),
            ...(place === undefined ? {} : valuesAt(closer, place)),
          },
        };
      });
    },
  };
}

function learnedScores(
  model: RankerModel,
  features: CandidateFeatures,
): ReadonlyMap<string, number> | undefined {
  if (features.ids.length === 0) return undefined;
  const scores = scoreWithModel(model, features);
  return new Map(features.ids.map((id, n) => [id, scores[n] ?? 0]));
}

type Meaning = Awaited<ReturnType<PassageEncoder['encodeQuery']>>;
interface Legs {
  readonly legs: Readonly<Record<string, ScoreLeg>>;
  readonly fused: Float32Array;
}

function valuesAt(legs: Readonly<Record<string, ScoreLeg>>, place: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(legs).map(([name, { scores }]) => [name, scores[place] ?? 0]),
  );
}

function orderOf(scores: Float32Array): number[] {
  return Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

function dense(scores: ReadonlyMap<string, number>, size: number): Float32Array {
  const result = new Float32Array(size);
  for (const [index, score] of scores) result[Number(index)] = score;
  return result;
}

function assertUnique(passages: readonly RankablePassage[]): void {
  const ids = new Set<string>();
  for (const { id } of passages) {
    if (ids.has(id)) {
      throw new InvalidArgumentError({
        argument: 'passages',
        value: id,
        expected: 'each id only once',
      });
    }
    ids.add(id);
  }
}
