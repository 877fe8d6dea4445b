/** A kind of number that a state, a register or a bank gives out. */
export interface NationalNumber {
  /** `es-nif`; the category of what is found. */
  readonly id: string;
  /** ISO 3166-1 alpha-2, or `*` for everywhere. */
  readonly country: string;
  readonly name: string;
  /** How it is written. In the syntax of regular expressions, without groups that capture. */
  readonly pattern: string;
  /** Whether a number is right. `compact` is upper case and without spaces, dots, dashes and slashes. */
  readonly isValid: (compact: string, written: string) => boolean;
  /** Words near it that say what it is; lower case. */
  readonly context: readonly string[];
  /** Confidence in [0, 1] without such a word. Below the threshold of one half a word is needed. */
  readonly score: number;
}

/** Removes what people put between the parts of a number, and makes letters upper case. */
export function compactNumber(written: string): string {
  return written.toUpperCase().replace(/[\s\u00A0.,:()/\u2010-\u2015-]+/g, '');
}

/**
 * A pattern from a picture of a number: `9` a digit, `A` a letter, `X` either, a space a separator that may be missing.
 * Classes in brackets, repetitions in braces, groups, `?` and `|` are those of regular expressions.
 */
export function picture(text: string): string {
  return text.replace(/\{\d{1,3}(?:,\d{1,3})?\}|\[[^\]]{0,200}\]|[\s\S]/g, (sign) => {
    if (sign === '9') return '[0-9]';
    if (sign === 'A') return '[A-Za-z]';
    if (sign === 'X') return '[A-Za-z0-9]';
    return sign === ' ' ? '[ ./-]?' : sign;
  });
}

/** Confidence by what the form alone proves. */
export const STRENGTH = {
  /** Letters and digits in a form of its own, or two check digits. */
  sure: 0.85,
  /** A check digit and a date, or a form with separators. */
  likely: 0.55,
  /** Digits with at most one check digit: only with a word near it. */
  weak: 0.3,
} as const;

/** The parts of a number's definition, in the order of a table. */
export function national(
  id: string,
  name: string,
  written: string,
  isValid: NationalNumber['isValid'],
  context: string,
  strength: keyof typeof STRENGTH = 'weak',
): NationalNumber {
  const country = /^[a-z]{2}(?=-)/.exec(id)?.[0].toUpperCase() ?? '*';
  return {
    id,
    country,
    name,
    pattern: picture(written),
    isValid,
    context: context.split(','),
    score: STRENGTH[strength],
  };
}
