import type { Passage, RetrieveOptions, RetrieveResult, Warning } from '@espalier/core';
import type { RankerModel } from '../../ranking/learned/ranker-model.js';
import type { KnowledgeBaseParts } from '../internal/knowledge-base-parts.js';
import { assertKnownFields } from './assert-known-fields.js';
import type { CorpusVectors } from './corpus-vectors.js';
import { hasEvidence } from './evidence.js';
import { findCandidates } from './find-candidates.js';
import {
  rankCandidates,
  type LegWeights,
  type RankedCandidate,
  type Ranking,
} from './rank-candidates.js';
import type { BaseTrustSource } from './leg-trust.js';
import type { TokenSearch } from './token-search.js';

const DEFAULT_TOP_K = 8;
const MAX_TOP_K = 1000;
const MIN_CANDIDATES = 100;
const CANDIDATES_PER_RESULT = 5;
const MAX_QUERY_CHARACTERS = 10_000;

/** What a search needs beside the parts of the knowledge base. */
export interface SearchContext {
  readonly knowledgeBase: string;
  readonly vectors: CorpusVectors;
  readonly weights: LegWeights;
  readonly trust: BaseTrustSource;
  /** Undefined without a token encoder. */
  readonly tokens: TokenSearch | undefined;
  /** Orders what is looked at closely. */
  readonly ranker: RankerModel | undefined;
}

/** A search with how it came to its result. */
export interface TracedSearch {
  readonly result: RetrieveResult;
  /** The query as it was searched for. */
  readonly query: string;
  readonly ranking: Ranking;
  /** With the trust in the legs. */
  readonly weights: LegWeights;
  /** Chunks that have words of the query and were left out, by access or by filter. */
  readonly leftOut: number;
}

const NOTHING: Omit<TracedSearch, 'result' | 'query' | 'weights'> = {
  ranking: { ranked: [], scales: {} },
  leftOut: 0,
};

/** Searches by words and by meaning, of chunks and of the documents that they are from. */
export async function search(
  parts: KnowledgeBaseParts,
  context: SearchContext,
  options: RetrieveOptions,
): Promise<TracedSearch> {
  const { corpus, embedder } = parts;
  const { principals, filter, abortSignal } = options;
  abortSignal?.throwIfAborted();
  const warnings: Warning[] = [];
  const query = options.query.toWellFormed().slice(0, MAX_QUERY_CHARACTERS).trim();
  if (options.query.length > MAX_QUERY_CHARACTERS) {
    warnings.push({
      option: 'query',
      message: `Only the first ${MAX_QUERY_CHARACTERS} characters were searched for.`,
    });
  }
  const topK = Math.max(0, Math.min(MAX_TOP_K, Math.floor(options.topK ?? DEFAULT_TOP_K)));
  if (filter !== undefined && corpus.chunkCount > 0) assertKnownFields(corpus, filter, principals);
  if (query === '' || topK === 0 || corpus.chunkCount === 0)
    return {
      ...NOTHING,
      query,
      weights: context.weights,
      result: { passages: [], hasEvidence: false, warnings },
    };

  const words = corpus.lexical.score(query);
  const asked = await context.tokens?.encodeQuery(query, abortSignal);
  const embedded = asked?.vector ?? (await embedder.embedQuery({ query, abortSignal }));
  // Cosine says nothing about a query without a direction.
  const vector = embedded.some((value) => value !== 0) ? embedded : undefined;
  const { candidates, leftOut } = await findCandidates(parts, {
    principals,
    filter,
    abortSignal,
    limit: Math.max(MIN_CANDIDATES, topK * CANDIDATES_PER_RESULT),
    wordScores: words.scores,
    vector,
  });
  const tokens =
    context.tokens === undefined || asked === undefined
      ? undefined
      : { search: context.tokens, query: asked };
  const { vectors } = context;
  const weights = await context.trust.weigh(context.weights);
  const ranking = await rankCandidates(parts, {
    query,
    vector,
    words,
    candidates,
    vectors,
    weights,
    tokens,
    ranker: context.ranker,
    abortSignal,
  });
  const best = ranking.ranked.slice(0, topK);
  return {
    query,
    ranking,
    weights,
    leftOut,
    result: {
      passages: best.map((candidate) => toPassage(candidate, context.knowledgeBase)),
      hasEvidence: hasEvidence({
        query,
        lexical: corpus.lexical,
        best: best.map(({ id, cosine }) => ({ id, vectorScore: cosine })),
      }),
      warnings,
    },
  };
}

function toPassage(candidate: RankedCandidate, knowledgeBase: string): Passage {
  const { document, chunk, legs } = candidate;
  return {
    id: candidate.id,
    documentId: document.id,
    knowledgeBase,
    source: document.source,
    ...(document.title === undefined ? {} : { title: document.title }),
    headingPath: [...chunk.headingPath],
    text: candidate.text,
    span: { ...chunk.span },
    lines: { ...chunk.lines },
    score: candidate.score,
    scores: {
      bm25: legs.bm25?.score ?? 0,
      ...(legs.vector === undefined ? {} : { vector: legs.vector.score }),
    },
    metadata: structuredClone(document.metadata),
  };
}
