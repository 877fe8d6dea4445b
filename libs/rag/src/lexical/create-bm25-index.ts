import { analyzeText } from './analyze-text.js';

/** What BM25 is tuned by. */
export interface Bm25Options {
  /** How fast repeated words stop counting. Default 1.2. */
  readonly k1?: number;
  /** How much long texts are held back, 0 to 1. Default 0.75. */
  readonly b?: number;
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

/** An inverted index in memory. */
export interface Bm25Index {
  readonly size: number;
  /** Inserts, or replaces what has the same id. */
  set(id: string, text: string): void;
  delete(id: string): void;
  /** Scores all texts that hold a term of the query. */
  score(query: string): Bm25Scores;
  /** How many texts hold the term, as {@link analyzeText} gives it. */
  documentFrequency(term: string): number;
  /** Whether the text under the id holds the term. */
  holds(id: string, term: string): boolean;
}

interface Entry {
  readonly id: string;
  readonly length: number;
  readonly terms: readonly string[];
}

/**
 * Creates an empty index.
 *
 * score = Σ idf(t) · tf · (k1 + 1) / (tf + k1 · (1 − b + b · length / mean length)), idf = ln(1 + (N − n + .5) / (n + .5)).
 *
 * @see Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the idf of Lucene.
 */
export function createBm25Index(options: Bm25Options = {}): Bm25Index {
  const { k1 = 1.2, b = 0.75 } = options;
  const entries = new Map<string, Entry>();
  const postings = new Map<string, Map<Entry, number>>();
  let totalLength = 0;

  const remove = (id: string): void => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    totalLength -= entry.length;
    for (const term of entry.terms) {
      const posting = postings.get(term);
      posting?.delete(entry);
      if (posting?.size === 0) postings.delete(term);
    }
  };

  return {
    get size() {
      return entries.size;
    },
    set(id, text) {
      remove(id);
      const terms = analyzeText(text);
      const frequencies = new Map<string, number>();
      for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
      const entry: Entry = { id, length: terms.length, terms: [...frequencies.keys()] };
      entries.set(id, entry);
      totalLength += entry.length;
      for (const [term, frequency] of frequencies) {
        const posting = postings.get(term);
        if (posting === undefined) postings.set(term, new Map([[entry, frequency]]));
        else posting.set(entry, frequency);
      }
    },
    delete: remove,
    score(query) {
      const scores = new Map<string, number>();
      const meanLength = Math.max(1, totalLength / Math.max(1, entries.size));
      for (const term of analyzeText(query)) {
        const posting = postings.get(term);
        if (posting === undefined) continue;
        const idf = Math.log(1 + (entries.size - posting.size + 0.5) / (posting.size + 0.5));
        for (const [{ id, length }, frequency] of posting) {
          const saturation = frequency + k1 * (1 - b + (b * length) / meanLength);
          scores.set(id, (scores.get(id) ?? 0) + (idf * frequency * (k1 + 1)) / saturation);
        }
      }
      let sum = 0;
      let squares = 0;
      for (const score of scores.values()) {
        sum += score;
        squares += score * score;
      }
      const count = Math.max(1, entries.size);
      const mean = sum / count;
      return { scores, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
    },
    documentFrequency: (term) => postings.get(term)?.size ?? 0,
    holds(id, term) {
      const entry = entries.get(id);
      return entry !== undefined && postings.get(term)?.has(entry) === true;
    },
  };
}
