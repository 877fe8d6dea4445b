import type { IndexedText } from './document-slots.js';
import type { Term, Vocabulary } from './vocabulary.js';

/** How often the terms stand one after another in a text, in one field, with at most `slop` words between them in all. */
export function countPhrase(options: {
  text: IndexedText;
  terms: readonly Term[];
  slop: number;
  vocabulary: Vocabulary;
}): number {
  const { text, terms, slop, vocabulary } = options;
  let count = 0;
  let start = 0;
  for (const length of text.lengths) {
    const end = start + length;
    for (let place = start; place < end; place += 1) {
      if (followsAt({ words: text.words, place, end, terms, slop, vocabulary })) count += 1;
    }
    start = end;
  }
  return count;
}

function followsAt(options: {
  words: Int32Array;
  place: number;
  end: number;
  terms: readonly Term[];
  slop: number;
  vocabulary: Vocabulary;
}): boolean {
  const { words, end, terms, vocabulary } = options;
  const [first] = terms;
  if (vocabulary.termNumberOf(words[options.place] ?? 0) !== first?.list) return false;
  let place = options.place + 1;
  let left = options.slop;
  for (const term of terms.slice(1)) {
    while (place < end && vocabulary.termNumberOf(words[place] ?? 0) !== term.list) {
      if (left === 0) return false;
      left -= 1;
      place += 1;
    }
    if (place >= end) return false;
    place += 1;
  }
  return true;
}
