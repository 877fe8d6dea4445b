import { splitWords } from '../lexical/split-words.js';

const SHINGLE_WORDS = 3;
const DEFAULT_LIKENESS = 0.8;

/**
 * Returns the places of texts that say something new, in order: a text is left out where one before it shares
 * `likeness` of the runs of three words that either of them has (Jaccard), or is the same but for case and spaces.
 *
 * Cost: the square of the number of texts; meant for what a search has found.
 */
export function dropDuplicates(
  texts: readonly string[],
  options: {
    /** 0 to 1. Default 0.8. */
    readonly likeness?: number;
  } = {},
): number[] {
  const { likeness = DEFAULT_LIKENESS } = options;
  const kept: { readonly place: number; readonly shingles: ReadonlySet<string> }[] = [];
  for (const [place, text] of texts.entries()) {
    const shingles = shinglesOf(text);
    if (kept.some((other) => jaccard(shingles, other.shingles) >= likeness)) continue;
    kept.push({ place, shingles });
  }
  return kept.map(({ place }) => place);
}

function shinglesOf(text: string): Set<string> {
  const words = splitWords(text);
  const shingles = new Set<string>();
  for (let n = 0; n + SHINGLE_WORDS <= words.length; n += 1)
    shingles.add(words.slice(n, n + SHINGLE_WORDS).join(' '));
  // A text too short for one is compared whole.
  if (shingles.size === 0) shingles.add(words.join(' '));
  return shingles;
}

function jaccard(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  let shared = 0;
  for (const shingle of first) if (second.has(shingle)) shared += 1;
  return shared / (first.size + second.size - shared);
}
