import type { ViewBuilder } from './text-view.js';
import { replaceRuns } from './transform.js';

const COMMON = new Set(
  (
    'the of and to in a is that it you i for on with as are be this was have or at not your all how what from my me by can ' +
    'we will do an no if so out up about tell write who them their they he she his her make all give should must would ' +
    'ignore previous instructions kill hate people system prompt'
  ).split(' '),
);
/** How much of a text is looked at to tell whether it is a cipher. */
const SAMPLE = 2_000;
const WORDS = /[a-z]+/g;
const PLAIN_SHARE = 0.12;
const CIPHER_SHARE = 0.25;

/**
 * Reads a text whose letters are shifted (rot13 and the other 24 shifts), mirrored (Atbash) or written backwards, by the
 * share of common English words that a reading has.
 */
export function cipherText(text: string, builder: ViewBuilder): boolean {
  const sample = text.slice(0, SAMPLE).toLowerCase();
  const words = sample.match(WORDS) ?? [];
  if (words.length < 3 || shareOfCommon(words) >= PLAIN_SHARE) return false;
  let best: ((word: string) => string) | undefined;
  let most = CIPHER_SHARE;
  let isBackwards = false;
  for (const read of READINGS) {
    const share = shareOfCommon(words.map(read));
    if (share > most) [best, most, isBackwards] = [read, share, read === backwards];
  }
  if (best === undefined) return false;
  const isWhole = isBackwards && !looksForward(words);
  if (isWhole) {
    const characters = [...text];
    let position = text.length;
    for (const character of characters.toReversed()) {
      position -= character.length;
      builder.add(character, position, position + character.length);
    }
    return true;
  }
  const read = best;
  return replaceRuns(text, builder, /[A-Za-z]+/g, ([word]) => read(word));
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

const READINGS = [
  backwards,
  shifted(13),
  atbash,
  ...Array.from({ length: 25 }, (_, by) => shifted(by + 1)),
];

function shareOfCommon(words: readonly string[]): number {
  let count = 0;
  for (const word of words) if (COMMON.has(word)) count += 1;
  return count / words.length;
}
