import { InvalidArgumentError, type EmbeddingModel, type TokenEncoder } from '@espalier/core';
import type { Bm25Index } from '../lexical/bm25-index.js';
import { createBm25Index } from '../lexical/create-bm25-index.js';
import type { TokenStateStore } from './create-token-state-file.js';
import { fuseStandardized, type ScoreLeg } from './fuse-scores.js';
import type { HybridWeights } from './hybrid-profile.js';
import { closeLegs } from './internal/close-legs.js';
import { neighborScores, spreadToPassages, structureOf } from './internal/document-structure.js';
import { createPassageEncoder, type PassageEncoder } from './internal/passage-encoder.js';
import { indexedText } from './internal/passage-text.js';

/** A passage to be ranked. */
export interface RankablePassage {
  readonly id: string;
  readonly title?: string;
  readonly text: string;
  /** The document that it belongs to. */
  readonly documentId?: string;
  /** Its place in that document. */
  readonly position?: number;
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
  /** Resolves to the best `topK` passages, best first. */
  rank(options: {
    query: string;
    topK: number;
    /** In place of those that the ranker was made with. */
    weights?: HybridWeights;
    abortSignal?: AbortSignal;
  }): Promise<HybridMatch[]>;
}

/** What {@link createHybridRanker} takes. */
export interface HybridRankerOptions {
  readonly passages: readonly RankablePassage[];
  readonly weights: HybridWeights;
  /** Gives the vectors: an embedding model, or a token encoder, without which the legs `part`, `maxSim` and `maxSimWindow` are left out. */
  readonly encoder:
    | { readonly embeddingModel: EmbeddingModel }
    | { readonly tokenEncoder: TokenEncoder; readonly states: TokenStateStore };
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

  const firstScores = (query: string, meaning: Meaning, weights: HybridWeights): Legs => {
    const bm25 = dense(words.score(query).scores, passages.length);
    const own: Record<string, ScoreLeg> = {
      bm25: { scores: bm25, weight: weights.bm25 },
      vector: { scores: meaning.vector, weight: weights.vector },
      ...(meaning.part === undefined
        ? {}
        : { part: { scores: meaning.part, weight: weights.part } }),
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

  return {
    size: passages.length,
    async rank({ query, topK, weights = options.weights, abortSignal }) {
      abortSignal?.throwIfAborted();
      const text = query.toWellFormed();
      const asked = await encoder.encodeQuery(text, abortSignal);
      const { legs, fused } = firstScores(text, asked, weights);
      const order = orderOf(fused);
      const close = order.slice(0, weights.candidates);
      const closer = lookCloser({ query: text, meaning: asked, close, fused, weights });
      const added = fuseStandardized(Object.values(closer));
      const reranked = close
        .map((index, n) => ({ index, score: (fused[index] ?? 0) + (added[n] ?? 0) }))
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
