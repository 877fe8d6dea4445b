import type { LineRange, RetrieveResult, Span } from '@espalier/core';
import type { ScoredLeg } from './rank-candidates.js';

/** A leg of the search as a whole. */
export interface ExplainedLeg {
  readonly name: ScoredLeg;
  readonly weight: number;
  /** What `standardized` is measured in: over the whole corpus, or over the candidates that a leg looks at closely. */
  readonly mean: number;
  readonly deviation: number;
}

/** A word of the query. */
export interface ExplainedWord {
  readonly word: string;
  /** What it is looked up as: lower-cased and stemmed, an identifier also in parts; nothing for a stop word. */
  readonly terms: readonly string[];
  /** Chunks that hold the first of the terms. */
  readonly documentFrequency: number;
  /** ln(1 + (N − df + 0.5) / (df + 0.5)), as BM25 weighs it. */
  readonly idf: number;
}

/** What one leg gave one passage. */
export interface ExplainedScore {
  readonly leg: ScoredLeg;
  /** Its place in this leg among the candidates, from 1. */
  readonly rank: number;
  /** BM25, or a cosine. */
  readonly score: number;
  /** (score − mean) / deviation. */
  readonly standardized: number;
  /** weight × standardized; their sum is the passage's score. */
  readonly contribution: number;
}

/** Why one passage stands where it does. */
export interface ExplainedPassage {
  readonly id: string;
  readonly rank: number;
  readonly source: string;
  readonly lines: LineRange;
  readonly score: number;
  readonly legs: readonly ExplainedScore[];
  /** What each word of the query adds to the passage's BM25, largest first; words that it lacks are left out. */
  readonly words: readonly {
    readonly word: string;
    /** How often the passage holds a term of the word. */
    readonly frequency: number;
    readonly contribution: number;
  }[];
  /** Words of the passage that are looked up as a word of the query is. Units: offsets in the passage's text. */
  readonly matches: readonly Span[];
}

/** How a search came to its result. */
export interface SearchExplanation {
  /** The query as it was searched for. */
  readonly query: string;
  readonly result: RetrieveResult;
  readonly legs: readonly ExplainedLeg[];
  readonly words: readonly ExplainedWord[];
  readonly passages: readonly ExplainedPassage[];
  /** Chunks that were compared. */
  readonly candidates: number;
  /** Chunks that hold words of the query and were left out, because of their readers or the filter. */
  readonly leftOut: number;
  readonly corpus: { readonly documents: number; readonly chunks: number };
  /** Units: ms. */
  readonly durationMs: number;
}
