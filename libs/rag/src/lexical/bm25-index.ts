import type { LexicalQuery } from './lexical-query.js';
import type { TextAnalyzer } from './text-analyzer.js';

/** What BM25 is tuned by. */
export interface Bm25Options {
  /** How fast repeated words stop counting. Default 1.2. */
  readonly k1?: number;
  /** How much long texts are held back, 0 to 1. Default 0.75. */
  readonly b?: number;
  /** Default: English and source code. */
  readonly analyzer?: TextAnalyzer;
  /** The parts of a text that are counted apart (BM25F), by name. Default: one, `text`. */
  readonly fields?: Readonly<
    Record<
      string,
      {
        /** Default 1. */
        readonly weight?: number;
        /** Default: that of the index. */
        readonly b?: number;
      }
    >
  >;
}

/** The scores of one query. */
export interface Bm25Scores {
  /** By id; texts without any of the words are left out and have score 0. */
  readonly scores: ReadonlyMap<string, number>;
  /** Mean over all texts of the index, zeros included. */
  readonly mean: number;
  /** Standard deviation over all texts of the index, zeros included. */
  readonly deviation: number;
}

/** The best texts for one query. */
export interface Bm25Results {
  /** Best first. */
  readonly matches: readonly { readonly id: string; readonly score: number }[];
  /** As in {@link Bm25Scores}. */
  readonly mean: number;
  /** As in {@link Bm25Scores}; where lists were skipped, these are taken as independent of the others. */
  readonly deviation: number;
}

/** An inverted index in memory. */
export interface Bm25Index {
  readonly size: number;
  readonly analyzer: TextAnalyzer;
  /** Inserts, or replaces what has the same id. A plain string goes to the first field. */
  set(id: string, text: string | Readonly<Record<string, string>>): void;
  delete(id: string): void;
  has(id: string): boolean;
  /** Scores all texts that hold a term of the query. */
  score(query: LexicalQuery): Bm25Scores;
  /** The best `topK` texts that `accept` lets through, without a map of all others. */
  search(options: {
    query: LexicalQuery;
    topK: number;
    accept?: (id: string) => boolean;
  }): Bm25Results;
  /** How many texts hold the term, as the analyzer gives it. */
  documentFrequency(term: string): number;
  /** How rare the term is: ln(1 + (N − n + .5) / (n + .5)). */
  rarity(term: string): number;
  /** Whether the text under the id holds the term. */
  holds(id: string, term: string): boolean;
  /** The terms of a text, in order, field after field; empty where there is none. */
  termsOf(id: string): string[];
  /** The words of the corpus as they are written in it, and how often each stands in it. */
  words(): Iterable<{ readonly word: string; readonly count: number }>;
  /** Everything needed to restore the index; holds nothing of what was deleted. */
  serialize(): Uint8Array;
}
