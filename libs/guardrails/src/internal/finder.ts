/** A place where a finder's pattern stands, or may yet turn out to stand. */
export type Candidate =
  | {
      readonly isOpen: false;
      /** Where the reading began; text from here on must stay visible until the match is taken. */
      readonly anchor: number;
      readonly start: number;
      readonly end: number;
      readonly category: string;
      /** The rule that fired, where a finder has several. */
      readonly rule?: string;
      /** Confidence in [0, 1]. */
      readonly score: number;
    }
  /** The text ended before it was clear whether the pattern stands here. */
  | { readonly isOpen: true; readonly anchor: number };

/** What a finder reads. */
export interface FinderInput {
  readonly text: string;
  /** Whether nothing follows `text`. */
  readonly isFinal: boolean;
}

/**
 * Finds one family of patterns, left to right.
 *
 * Whether a pattern stands at a place must follow from at most `lookBehind` characters before it and `maxLength` after
 * its anchor: a candidate may be open only while the text ends within that reach. This is what makes the outcome the
 * same however the text was split.
 */
export interface Finder {
  readonly lookBehind: number;
  readonly maxLength: number;
  /**
   * Texts in lower case of which each match holds one, in any case, at its anchor or behind it. A whole text without
   * them need not be read by this finder.
   */
  readonly literals?: readonly string[];
  /** The first candidate whose anchor is at `from` or later. */
  next(input: FinderInput, from: number): Candidate | undefined;
}
