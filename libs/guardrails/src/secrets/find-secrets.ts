import { createFinderReader } from '../internal/find-matches.js';
import { createSecretFinders } from './secret-finders.js';

/** A secret in a text. */
export interface FoundSecret {
  /** The category, `secret.github`. */
  readonly type: string;
  /** The rule that fired, `github-pat`. */
  readonly rule: string;
  /** Units: UTF-16 code units. */
  readonly start: number;
  /** Behind the last one. Units: UTF-16 code units. */
  readonly end: number;
  /** Confidence in [0, 1]. */
  readonly score: number;
}

/** Finds secrets in whole texts. */
export interface SecretScanner {
  /** The secrets, in order, without overlap. Linear in the text. */
  find(text: string): readonly FoundSecret[];
}

/** Makes a scanner with the rules of the secrets rail; make one and use it for many texts. */
export function createSecretScanner(): SecretScanner {
  const reader = createFinderReader(createSecretFinders());
  return {
    find: (text) =>
      reader
        .read({ text, isFinal: true }, 0)
        .matches.map(({ category, rule, start, end, score }) => ({
          type: category,
          rule: rule ?? category,
          start,
          end,
          score,
        })),
  };
}
