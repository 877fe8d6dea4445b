import type { ViewBuilder } from './text-view.js';
import { replaceRuns } from './transform.js';

/** The pairs of letters that English words are mostly made of. */
const PAIRS = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ' +
    'ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie ' +
    'wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh my by if up do'
  ).split(' '),
);
/** How much of a text is looked at to tell whether it is a cipher. */
const SAMPLE = 600;
/** The short words that English is held together by, less those that are words backwards too. */
const COMMON_WORDS = new Set(
  (
    'the of and to is you that it he for are with as they be at this have from or by what all were when your can there ' +
    'use each which she how their will other about out many then them these some would make like him into time has look ' +
    'two more write go see could people my than first been call who its find long down day did get come made may part ' +
    'an if in do me not we us tell please give must should just because don why'
  ).split(' '),
);
/** So many such words, and so many times more than forwards, make a text one that is written backwards. */
const BACKWARD_WORDS = 2;
const BACKWARD_TIMES = 2;
const BLANK = /\s/;
const LONGEST_WORD = 50;
const WORDS = /[a-z]+/g;
/** Fewer letters say too little. */
const FEWEST = 12;
/** A reading must have this share of common pairs, and this much more than the text as it stands. */
const ENOUGH = 0.5;
const MORE_IF_SHIFTED = 0.2;
/** Backward English keeps many common pairs. */
const MORE_IF_BACKWARD = 0.08;

/** So many common pairs are English as it stands. */
const PLAIN = 0.56;

/**
 * Reads a text whose letters are shifted (rot13 and the other 24 shifts), mirrored (Atbash) or written backwards, by the
 * share of the pairs of letters that are common in English.
 */
export function cipherText(text: string, builder: ViewBuilder): boolean {
  const sample = text.slice(0, SAMPLE).toLowerCase();
  // A code is no cipher: Base64 in Base64 is read in the next round.
  if (sample.length > LONGEST_WORD && !BLANK.test(sample.slice(0, LONGEST_WORD))) return false;
  const words = sample.match(WORDS) ?? [];
  if (words.reduce((sum, word) => sum + word.length, 0) < FEWEST) return false;
  const reversed = words.filter((word) => COMMON_WORDS.has(backwards(word))).length;
  const forward = words.filter((word) => COMMON_WORDS.has(word)).length;
  if (reversed >= BACKWARD_WORDS && reversed > forward * BACKWARD_TIMES)
    return readBackwards(text, words, builder);
  const pairs = pairsOf(words);
  const plain = shareOfCommon(pairs, (pair) => pair);
  if (plain >= PLAIN) return false;
  let best: ((word: string) => string) | undefined;
  let most = ENOUGH;
  for (const { read, pairOf } of READINGS) {
    const share = shareOfCommon(pairs, pairOf);
    if (share <= most || share < plain + (read === backwards ? MORE_IF_BACKWARD : MORE_IF_SHIFTED))
      continue;
    [best, most] = [read, share];
  }
  if (best === undefined) return false;
  if (best === backwards) return readBackwards(text, words, builder);
  const read = best;
  return replaceRuns(text, builder, /[A-Za-z]+/g, ([word]) => read(word));
}

function readBackwards(text: string, words: readonly string[], builder: ViewBuilder): boolean {
  if (looksForward(words))
    return replaceRuns(text, builder, /[A-Za-z]+/g, ([word]) => backwards(word));
  let position = text.length;
  for (const character of [...text].toReversed()) {
    position -= character.length;
    builder.add(character, position, position + character.length);
  }
  return true;
}

/** Whether the words stand in order though each is written backwards; rare, and told apart by the first word's place. */
function looksForward(words: readonly string[]): boolean {
  const reversed = words.map(backwards);
  const starts = (list: readonly string[]): number =>
    list.filter(
      (word, index) =>
        (word === 'to' || word === 'the' || word === 'of') && index < list.length - 1,
    ).length;
  const bigrams = (list: readonly string[]): number =>
    list.filter((word, index) => COMMON_PAIRS.has(`${word} ${list[index + 1] ?? ''}`)).length;
  return bigrams(reversed) > bigrams(reversed.toReversed()) && starts(reversed) > 0;
}

const COMMON_PAIRS = new Set([
  'of the',
  'in the',
  'to the',
  'on the',
  'how to',
  'tell me',
  'for the',
  'from the',
  'all the',
]);

function shifted(by: number): (word: string) => string {
  return (word) =>
    word.replace(/[A-Za-z]/g, (letter) => {
      const base = letter < 'a' ? 65 : 97;
      return String.fromCharCode(((letter.charCodeAt(0) - base + by) % 26) + base);
    });
}

function atbash(word: string): string {
  return word.replace(/[A-Za-z]/g, (letter) =>
    String.fromCharCode((letter < 'a' ? 155 : 219) - letter.charCodeAt(0)),
  );
}

function backwards(word: string): string {
  return [...word].toReversed().join('');
}

interface Reading {
  readonly read: (word: string) => string;
  /** What a pair of letters, 26 × first + second, is in the reading. */
  readonly pairOf: (pair: number) => number;
}

const READINGS: readonly Reading[] = [
  { read: backwards, pairOf: (pair) => (pair % 26) * 26 + Math.floor(pair / 26) },
  { read: atbash, pairOf: (pair) => 675 - pair },
  ...[13, ...Array.from({ length: 25 }, (_, by) => by + 1)].map((by) => ({
    read: shifted(by),
    pairOf: (pair: number) => ((Math.floor(pair / 26) + by) % 26) * 26 + (((pair % 26) + by) % 26),
  })),
];

const IS_COMMON = Uint8Array.from({ length: 676 }, (_, pair) =>
  PAIRS.has(String.fromCharCode(97 + Math.floor(pair / 26), 97 + (pair % 26))) ? 1 : 0,
);

/** How often each pair of letters stands in the words. */
function pairsOf(words: readonly string[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const word of words) {
    for (let index = 0; index + 1 < word.length; index += 1) {
      const pair = (word.charCodeAt(index) - 97) * 26 + word.charCodeAt(index + 1) - 97;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
  }
  return counts;
}

function shareOfCommon(
  pairs: ReadonlyMap<number, number>,
  pairOf: (pair: number) => number,
): number {
  let [common, all] = [0, 0];
  for (const [pair, count] of pairs) {
    all += count;
    common += count * (IS_COMMON[pairOf(pair)] ?? 0);
  }
  return all === 0 ? 0 : common / all;
}
