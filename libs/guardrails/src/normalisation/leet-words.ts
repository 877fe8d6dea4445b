import { stretchedLetters } from './spelling.js';
import type { ViewBuilder } from './text-view.js';
import { replaceRuns } from './transform.js';

/** A word that has digits or signs for letters. */
const LEET = /(?<![\p{L}\p{N}@$!|+€£/=_-])[A-Za-z0-9@$!|+€£]{1,24}(?![\p{L}\p{N}@$€£/=_-])/gu;
const LETTER_FOR: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
  '€': 'e',
  '£': 'l',
};
/** Words that are all digits and signs in leet; as they are numbers too, they are read only among other leet words. */
const WITHOUT_LETTERS = new Set(
  (
    'a i to it is so as at see eat ass set sit too tie ate seat test best beat bit bet big go get got be goes east ' +
    'state taste base boots site asset tits boobs bait toes toast goat tease'
  ).split(' '),
);
/** So many leet words make a text one in leet, in a short text one. */
const LEET_TEXT = 2;
const SHORT = 60;
/** A name is no leet; `@sshole`, `@nus`, `@ll` are. */
const MENTION = /^@(?!ss|rs|n[du])[A-Za-z]{3,}$/;

/** Reads digits and signs in words as the letters that they look like, and stretched letters as one. */
export function leetWords(text: string, builder: ViewBuilder): boolean {
  let words = 0;
  for (const [word] of text.matchAll(LEET)) if (isLeetWord(word)) words += 1;
  const isLeet = words >= (text.length < SHORT ? 1 : LEET_TEXT);
  return replaceRuns(text, builder, LEET, ({ 0: word, index }) => {
    const end = bodyEnd(word);
    const body = word.slice(0, end);
    const letters = body.replace(/[^A-Za-z]/g, '').length;
    const read = stretchedLetters(
      Array.from(body, (character) => LETTER_FOR[character] ?? character).join(''),
    );
    if (letters === 0) {
      const isEnding = body.length === 1 && /['’]/.test(text.charAt(index - 1));
      return isLeet && (isEnding || WITHOUT_LETTERS.has(read)) ? read + word.slice(end) : undefined;
    }
    if (body.length < 2 || MENTION.test(body)) return undefined;
    if (!isLeet && body.length - letters > letters * 2) return undefined;
    return read + word.slice(end);
  });
}

/** Where the signs that only end a sentence begin. */
function bodyEnd(word: string): number {
  let end = word.length;
  while (end > 0 && '!|+'.includes(word.charAt(end - 1))) end -= 1;
  return end;
}

/** Whether a word is leet for sure: digits for vowels among letters, not `b12`, `4th` or `20mg`. */
function isLeetWord(word: string): boolean {
  const body = word.slice(0, bodyEnd(word));
  return (
    /[A-Za-z][0134@$!€|][A-Za-z]|^[57][0134]|^[57]h|[A-Za-z][57][0134]/.test(body) &&
    /[A-Za-z]/.test(body)
  );
}
