/** What a WordPiece model needs. */
export interface WordPieceOptions {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number;
  readonly continuationPrefix: string;
  /** Longer words are unknown as a whole. Units: Unicode characters. */
  readonly maxCharactersPerWord: number;
}

const CACHED_WORDS = 20_000;
/** A UTF-16 length at which a word may have too many characters is at most twice the character limit. */
const UNITS_PER_CHARACTER = 2;

/**
 * Returns a function that cuts a word into the longest pieces of the vocabulary, from the left.
 *
 * A word that cannot be cut is one unknown piece. The words seen lately are remembered.
 */
export function createWordPieces(options: WordPieceOptions): (word: string) => readonly number[] {
  const { vocabulary, continuationPrefix, maxCharactersPerWord } = options;
  const unknown = [options.unknownId];
  const first = new Map<string, number>();
  const following = new Map<string, number>();
  let longest = 0;
  for (const [token, id] of vocabulary) {
    first.set(token, id);
    longest = Math.max(longest, token.length);
    if (token.startsWith(continuationPrefix))
      following.set(token.slice(continuationPrefix.length), id);
  }

  const cut = (word: string): readonly number[] => {
    if (isTooLong(word, maxCharactersPerWord)) return unknown;
    const pieces: number[] = [];
    let start = 0;
    while (start < word.length) {
      const from = start === 0 ? first : following;
      let end = Math.min(word.length, start + longest);
      let id = from.get(word.slice(start, end));
      while (id === undefined && end > start + 1) {
        end -= 1;
        id = from.get(word.slice(start, end));
      }
      if (id === undefined) return unknown;
      pieces.push(id);
      start = end;
    }
    return pieces;
  };

  const cache = new Map<string, readonly number[]>();
  return (word) => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    const pieces = cut(word);
    if (word.length <= maxCharactersPerWord) {
      if (cache.size >= CACHED_WORDS) cache.clear();
      // A copy: a slice would keep the whole text that it is from.
      cache.set(` ${word}`.slice(1), pieces);
    }
    return pieces;
  };
}

function isTooLong(word: string, maxCharacters: number): boolean {
  if (word.length <= maxCharacters) return false;
  if (word.length > maxCharacters * UNITS_PER_CHARACTER) return true;
  return Array.from(word).length > maxCharacters;
}
