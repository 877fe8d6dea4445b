import { readTaggerWeights } from './tagger-weights.js';
import { createTaggerSession } from './tagger-session.js';
import type { TaggerType } from './tagger-labels.js';

/** A span that a tagger found. */
export interface TaggedSpan {
  readonly type: TaggerType;
  /** Units: UTF-16 code units. */
  readonly start: number;
  /** Behind the last one. Units: UTF-16 code units. */
  readonly end: number;
  /** Confidence in [0, 1]. */
  readonly score: number;
}

/** What a tagger made of the beginning of a text. */
export interface TaggedText {
  /** In order, without overlap; all end at or before `clearedUntil`. */
  readonly spans: readonly TaggedSpan[];
  /** Up to where nothing can change any more. */
  readonly clearedUntil: number;
  /** Places from which reading may go on as if from the beginning, in order; the last is `clearedUntil`. */
  readonly restarts: readonly number[];
}

/** Finds names, places, organisations, addresses and what else has no form, by what stands around them. */
export interface PiiTagger {
  /** The most characters before a place that bear on it. Units: UTF-16 code units. */
  readonly lookBehind: number;
  /** The most characters that a growing text holds back. Units: UTF-16 code units. */
  readonly maxHoldBack: number;
  /**
   * Tags a text from `from`, a restart of an earlier call or 0. Linear in the text.
   *
   * However a growing text is split, the spans found from call to call are those of the whole.
   */
  tag(input: {
    readonly text: string;
    readonly from?: number;
    readonly isFinal: boolean;
  }): TaggedText;
}

/**
 * Makes a tagger of the bytes of a weights file.
 *
 * A linear model over words, shapes, word lists and word clusters in a window of seven tokens, decoded with a lag of four
 * tokens, so that it works on a stream. It runs where JavaScript does and costs microseconds a word.
 *
 * @throws {TaggerWeightsError} `ERR_GUARDRAILS_TAGGER_WEIGHTS`: the bytes are no weights, or damaged.
 */
export function createPiiTagger(bytes: Uint8Array): PiiTagger {
  return createTaggerSession(readTaggerWeights(bytes));
}
