/**
 * Says what the words of a text are, and which words are the same term.
 *
 * The two steps are apart so that an index stems a word once, however often it stands in the corpus.
 */
export interface TextAnalyzer {
  /** Names the rules; an index that was made by others is not read. */
  readonly id: string;
  /** The words of a text, in order, as they will be compared: lower case, identifiers whole and in parts. */
  words(text: string): string[];
  /** The term of a word; undefined for a word that is left out. */
  termOf(word: string): string | undefined;
}

/** Returns the terms of a text, in order. */
export function termsOf(analyzer: TextAnalyzer, text: string): string[] {
  return analyzer
    .words(text)
    .map((word) => analyzer.termOf(word))
    .filter((term) => term !== undefined);
}
