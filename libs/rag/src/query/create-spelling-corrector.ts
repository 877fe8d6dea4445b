import { editDistance } from '../lexical/edit-distance.js';
import { splitWords } from '../lexical/split-words.js';

/** Corrects words that a corpus does not know. */
export interface SpellingCorrector {
  /** The text with each unknown word replaced by the likeliest one of the corpus, and what was replaced. */
  correct(text: string): {
    readonly text: string;
    readonly corrections: readonly { readonly from: string; readonly to: string }[];
  };
}

const MIN_LENGTH = 4;
const LONG_WORD = 8;
const DEFAULT_MIN_COUNT = 2;
const WORD = /[\p{L}\p{M}]+/gu;

/**
 * Creates a corrector from the words of a corpus, e.g. `Bm25Index.words()`.
 *
 * A word is unknown where it stands nowhere in the corpus; of the known words one edit away (two from 8 letters on) the
 * nearest counts, among equals the most frequent. Words of fewer than 4 letters, and words with digits or capitals inside,
 * stay as they are, so that names and identifiers survive. Words that are left out by one letter are indexed: a look-up
 * costs the square of the word's length, not the size of the vocabulary.
 *
 * @see Garbe, "Symmetric Delete" spelling correction — here with optimal string alignment as the measure.
 */
export function createSpellingCorrector(options: {
  readonly words: Iterable<{ readonly word: string; readonly count: number }>;
  /** Words that stand less often are taken for misspelt themselves. Default 2. */
  readonly minCount?: number;
}): SpellingCorrector {
  const { minCount = DEFAULT_MIN_COUNT } = options;
  const counts = new Map<string, number>();
  const shorter = new Map<string, string[]>();
  for (const { word, count } of options.words) {
    counts.set(word, count);
    if (count < minCount || word.length < MIN_LENGTH - 1 || !/^[\p{L}\p{M}]+$/u.test(word))
      continue;
    for (const key of deletes(word, 1)) {
      const known = shorter.get(key);
      if (known === undefined) shorter.set(key, [word]);
      else known.push(word);
    }
  }

  const nearest = (word: string): string | undefined => {
    const limit = word.length >= LONG_WORD ? 2 : 1;
    let best: string | undefined;
    let bestDistance = limit + 1;
    for (const key of deletes(word, limit)) {
      for (const candidate of shorter.get(key) ?? []) {
        const distance = editDistance(word, candidate, limit);
        const isBetter =
          distance < bestDistance ||
          (distance === bestDistance &&
            distance <= limit &&
            (counts.get(candidate) ?? 0) > (counts.get(best ?? '') ?? 0));
        if (!isBetter) continue;
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  };

  return {
    correct(text) {
      const corrections: { from: string; to: string }[] = [];
      const corrected = text.replaceAll(WORD, (word, at: number) => {
        const beside = `${text[at - 1] ?? ''}${text[at + word.length] ?? ''}`;
        if (word.length < MIN_LENGTH || /[\p{N}_.]/u.test(beside.replace(/\.$/u, ''))) return word;
        if (/.\p{Lu}/u.test(word)) return word;
        const [lowered = ''] = splitWords(word);
        if (counts.has(lowered)) return word;
        const to = nearest(lowered);
        if (to === undefined) return word;
        corrections.push({ from: word, to });
        return to;
      });
      return { text: corrected, corrections };
    },
  };
}

/** The word, and what is left of it without up to `count` letters. */
function deletes(word: string, count: number): Set<string> {
  const found = new Set([word]);
  let last = [word];
  for (let round = 0; round < count; round += 1) {
    const next: string[] = [];
    for (const text of last) {
      for (let n = 0; n < text.length; n += 1) {
        const left = text.slice(0, n) + text.slice(n + 1);
        if (found.has(left)) continue;
        found.add(left);
        next.push(left);
      }
    }
    last = next;
  }
  return found;
}
