/** Words by falling frequency: what typing errors are set right to, and what is left as it is beside these. */
export interface SpellingWords {
  readonly targets: readonly string[];
  readonly known: readonly string[];
}

/** Sets typing errors right. */
export interface SpellingRepair {
  /** The text with its mistyped words replaced; `undefined` where none is. */
  repair(text: string): string | undefined;
}

/** A word by itself: what signs cut is no word, and file names, addresses and code are not mistyped. */
const WORD =
  /(?<![\p{L}\p{N}_@#./'’*~|^+`<>=&;%\\-])[A-Za-z]{3,20}(?![\p{L}\p{N}_@*~|^+`<=&%]|['’]\p{L}|[./-][\p{L}\p{N}])/gu;
const REMEMBERED = 2_048;
/** Unknown words of one text that are looked up at most. */
const MAX_LOOKED_UP = 64;
/** A shorter word is near too many others. */
const SHORTEST_TARGET = 4;
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const;

/** How likely a slip of the finger is, beside that the word is frequent; natural logarithms. */
const SWAPPED = 2;
const NEIGHBOURING = 1;
const DOUBLED = 1;
const OTHER = 0;

/**
 * Creates a repair of words that are one slip away from a known one: two letters exchanged, one left out, one too many, or
 * one wrong. The first letter is taken as right. Of several words the likelier slip of the more frequent one is taken.
 *
 * Linear in the text; an unknown word costs about as many look-ups as it has letters. 64 unknown words of a text are looked
 * up.
 *
 * @see https://github.com/wolfgarbe/SymSpell — words that differ by one slip are alike with a letter left out of each; here the
 * rest is hashed, and what shares a hash is compared letter by letter.
 */
export function createSpellingRepair(words: SpellingWords): SpellingRepair {
  const known = new Set([...words.targets, ...words.known]);
  const remembered = new Map<string, string | undefined>();
  const rests = indexRests(words.targets);

  const lookUp = (word: string): string | undefined => {
    let [best, most] = [undefined as string | undefined, -Infinity];
    for (let left = 0; left <= word.length; left += 1) {
      // Of all rests the whole word is the last.
      for (const rank of rests.sharing(left === 0 ? hashOf(word) : hashOf(word, left))) {
        const target = words.targets[rank] ?? '';
        const slip = slipBetween(target, word);
        // By Zipf's law the rank stands for the frequency.
        const likelihood = slip === undefined ? -Infinity : slip - Math.log(rank + 20);
        if (likelihood > most) [best, most] = [target, likelihood];
      }
    }
    return best;
  };

  return {
    repair(text) {
      let [looked, isRepaired] = [0, false];
      const repaired = text.replace(WORD, (written) => {
        const word = written.toLowerCase();
        if (known.has(word)) return written;
        if (!remembered.has(word)) {
          if (looked === MAX_LOOKED_UP) return written;
          looked += 1;
          if (remembered.size >= REMEMBERED) remembered.clear();
          remembered.set(word, lookUp(word));
        }
        const found = remembered.get(word);
        if (found === undefined) return written;
        isRepaired = true;
        return found;
      });
      return isRepaired ? repaired : undefined;
    },
  };
}

/** The words by what is left of them without one letter, the first one excepted, and by the whole. */
interface RestIndex {
  /** The ranks of the words that may have a rest with this hash. */
  sharing(hash: number): Iterable<number>;
}

function indexRests(targets: readonly string[]): RestIndex {
  const entries = targets.reduce((sum, { length }) => sum + length, 0);
  let buckets = 1;
  while (buckets < entries) buckets *= 2;
  // Chains in flat arrays: a map of a hundred thousand strings would take ten times the memory.
  const heads = new Int32Array(buckets).fill(-1);
  const next = new Int32Array(entries);
  const ranks = new Int32Array(entries);
  let count = 0;
  targets.forEach((target, rank) => {
    if (target.length < SHORTEST_TARGET) return;
    for (let left = 0; left < target.length; left += 1) {
      const bucket = (left === 0 ? hashOf(target) : hashOf(target, left)) & (buckets - 1);
      next[count] = heads[bucket] ?? -1;
      heads[bucket] = count;
      ranks[count] = rank;
      count += 1;
    }
  });
  return {
    *sharing(hash) {
      for (let at = heads[hash & (buckets - 1)] ?? -1; at >= 0; at = next[at] ?? -1)
        yield ranks[at] ?? 0;
    },
  };
}

/** FNV-1a of a word without the letter at a place. */
function hashOf(word: string, without = -1): number {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < word.length; at += 1) {
    if (at !== without) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01_00_01_93);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** How likely it is that who meant the one word typed the other; `undefined` where that took more than one slip. */
function slipBetween(meant: string, typed: string): number | undefined {
  let start = 0;
  while (start < meant.length && meant.charCodeAt(start) === typed.charCodeAt(start)) start += 1;
  if (start === 0) return undefined;
  const [rest, other] = [meant.slice(start), typed.slice(start)];
  const isDoubled = (letter: string): boolean => letter === meant.charAt(start - 1);
  if (rest.length === other.length + 1)
    return rest.slice(1) === other ? (isDoubled(rest.charAt(0)) ? DOUBLED : OTHER) : undefined;
  if (rest.length + 1 === other.length)
    return other.slice(1) === rest ? (isDoubled(other.charAt(0)) ? DOUBLED : OTHER) : undefined;
  if (rest.length !== other.length) return undefined;
  if (rest.slice(1) === other.slice(1))
    return areNeighbours(rest.charAt(0), other.charAt(0)) ? NEIGHBOURING : OTHER;
  const isSwapped =
    rest.charAt(0) === other.charAt(1) &&
    rest.charAt(1) === other.charAt(0) &&
    rest.slice(2) === other.slice(2);
  return isSwapped ? SWAPPED : undefined;
}

function areNeighbours(one: string, other: string): boolean {
  return ROWS.some((row) => {
    const at = row.indexOf(one);
    return at >= 0 && row.includes(other) && Math.abs(row.indexOf(other) - at) === 1;
  });
}
