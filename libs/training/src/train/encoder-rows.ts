import type { EncodedText } from './encode-text.js';

/** A query with the passage that answers it, and passages that do not. */
export interface RetrievalRow {
  readonly query: EncodedText;
  /** The same text is the same object throughout a file. */
  readonly positive: EncodedText;
  readonly negatives: readonly EncodedText[];
}

/** A query with passages that a cross-encoder reads beside it, the right one first. */
export interface RankedRow {
  readonly pairs: readonly EncodedText[];
  /** Of a teacher, one for each pair; empty where none is asked for. */
  readonly scores: readonly number[];
}

/** A pair of texts and how well they belong together, from 0 to 1. */
export interface JudgedRow {
  readonly pair: EncodedText;
  readonly label: number;
  /** The first text, by which pairs are ranked in an evaluation. */
  readonly query: string;
}

/** A text, or a pair, with the numbers of its labels. */
export interface LabelledRow {
  readonly text: EncodedText;
  readonly labels: readonly number[];
}
