import { createPiiReader, PII_CATEGORIES, type PiiSelection } from './pii-finders.js';

/** Personal data in a text. */
export interface FoundPii {
  /** `email`, `us-ssn`, or a recogniser's type. */
  readonly type: string;
  /** Units: UTF-16 code units. */
  readonly start: number;
  /** Behind the last one. Units: UTF-16 code units. */
  readonly end: number;
  /** Confidence in [0, 1]. */
  readonly score: number;
}

/** Finds personal data in whole texts. */
export interface PiiScanner {
  /** The personal data, in order, without overlap. Linear in the text. */
  find(text: string): readonly FoundPii[];
}

/**
 * Makes a scanner with the finders of the PII rail, of all categories unless some are chosen; make one and use it for many
 * texts. Names, places and organisations need a `tagger`.
 */
export function createPiiScanner(selection: PiiSelection = {}): PiiScanner {
  const reader = createPiiReader({ categories: PII_CATEGORIES, ...selection });
  return {
    find: (text) =>
      reader
        .read({ text, isFinal: true }, 0)
        .matches.map(({ category, start, end, score }) => ({ type: category, start, end, score })),
  };
}
