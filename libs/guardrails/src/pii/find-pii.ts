import { findMatches } from '../internal/find-matches.js';
import { createPiiFinders, type PiiSelection } from './pii-finders.js';

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

/** Makes a scanner with the finders of the PII rail; make one and use it for many texts. */
export function createPiiScanner(selection: PiiSelection = {}): PiiScanner {
  const finders = createPiiFinders(selection);
  return {
    find: (text) =>
      findMatches(finders, { text, isFinal: true }, 0).matches.map(
        ({ category, start, end, score }) => ({ type: category, start, end, score }),
      ),
  };
}
