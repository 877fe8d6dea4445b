import { editDistance } from '../edit-distance.js';
import type { Term, Vocabulary, Word } from './vocabulary.js';

type CountedWord = Word & { readonly count: number };

/** Most terms that one prefix or misspelt word stands for. */
const MAX_EXPANSIONS = 64;
const SHORT_WORD = 7;

/** A term that a clause stands for, and how nearly. */
export interface Expansion {
  readonly term: Term;
  readonly nearness: number;
}

/** The terms of words that begin so, the most frequent first. */
export function expandPrefix(vocabulary: Vocabulary, prefix: string): Expansion[] {
  return best(
    [...vocabulary.words]
      .filter(({ text }) => text.startsWith(prefix))
      .map((word) => ({ word, nearness: 1 })),
  );
}

/** The terms of words that differ by some letters at most; the first letter may differ only in long words. */
export function expandFuzzy(
  vocabulary: Vocabulary,
  text: string,
  distance = text.length <= SHORT_WORD ? 1 : 2,
): Expansion[] {
  const found: { word: CountedWord; nearness: number }[] = [];
  for (const word of vocabulary.words) {
    if (Math.abs(word.text.length - text.length) > distance) continue;
    const edits = editDistance(text, word.text, distance);
    if (edits <= distance) found.push({ word, nearness: 1 / (1 + edits) });
  }
  return best(found);
}

function best(found: readonly { word: CountedWord; nearness: number }[]): Expansion[] {
  const terms = new Map<Term, number>();
  const ordered = [...found].sort(
    (a, b) =>
      b.nearness - a.nearness ||
      b.word.count - a.word.count ||
      (a.word.text < b.word.text ? -1 : 1),
  );
  for (const { word, nearness } of ordered) {
    if (terms.size >= MAX_EXPANSIONS) break;
    if (!terms.has(word.term)) terms.set(word.term, nearness);
  }
  return Array.from(terms, ([term, nearness]) => ({ term, nearness }));
}
