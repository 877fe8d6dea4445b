import type { ViewBuilder } from './text-view.js';
import { replaceRuns } from './transform.js';

/** Letters one by one: `h e l l o`, `h.e.l.l.o`; wider gaps stand between words. */
const SPELT =
  /(?<![\p{L}\p{N}])[\p{L}\p{N}@$!](?:[ .\-_*|/,~]{1,3}[\p{L}\p{N}@$!]){3,}(?![\p{L}\p{N}])/gu;
/** A word with signs inside: `ki.ll`, `ignore_all_rules`, ig**no**re. */
const SPLIT = /(?<![\p{L}\p{N}])\p{L}{1,20}(?:[._*~|^+`-]{1,3}\p{L}{1,20})+(?![\p{L}\p{N}@])/gu;
const CUT = /[._*~|^+`-]{1,3}/;
/** What is shorter than this is closed only in a text that cuts its words throughout: `e.g`, `U.S`. */
const CLOSED_ALWAYS = 6;
const CLOSED_THROUGHOUT = 4;
const CUT_THROUGHOUT = 2;
/** Emphasis inside a word parts nothing. */
const EMPHASIS = /^(?:[A-Za-z\P{ASCII}]|\*{2,3}|__|~~|`)+$/u;
const REPEATED = /(\p{L})\1{2,}/gu;
const HUMPS = /(?<![A-Za-z0-9+/_-])[A-Za-z][a-z]{2,20}(?:[A-Z][a-z]{2,20}){2,}(?![A-Za-z0-9+/_-])/g;
/** What may stand between all words in place of blanks. */
const JOINTS = ['_', '.', '-', '+', '*', '|', '~', '/'] as const;
/** What may stand between all letters. */
const GAPS = [' ', '.', '-', '_', '*', '|', '/', ',', '~'] as const;
const FEWEST_SPELT = 8;
/** At least one character in so many is a gap where half of a text is spelt. */
const FEWEST_GAPS = 6;

/** Joins letters that are spelt one by one: all of a text, or runs of it. */
export function speltWords(text: string, builder: ViewBuilder): boolean {
  if (joinSpeltText(text, builder)) return true;
  return replaceRuns(text, builder, SPELT, ([run]) => {
    const separators = run.match(/[ .\-_*|/,~]{1,3}/g) ?? [];
    const usual = mostFrequent(separators);
    // Digits alone are numbers, whatever stands between them; `1, 2, 3, 4` is a list.
    if (!/\p{L}/u.test(run) || separators.filter((one) => one === usual).length < 3)
      return undefined;
    return run.replace(/[ .\-_*|/,~]{1,3}/g, (separator) => (separator === usual ? '' : ' '));
  });
}

interface SpeltToken {
  /** The letters of the token, with where each stands. */
  readonly letters: readonly { readonly character: string; readonly at: number }[];
  readonly isSpelt: boolean;
}

/**
 * Joins a text that is spelt from beginning to end, signs and short words included.
 *
 * Every second character of its words is the same sign; words stand two blanks apart, or one where the sign is none.
 */
function joinSpeltText(text: string, builder: ViewBuilder): boolean {
  for (const sign of GAPS) {
    if ((text.split(sign).length - 1) * FEWEST_GAPS < text.length) continue;
    const tokens = speltTokens(text, sign);
    const all = tokens.reduce((sum, { letters }) => sum + letters.length, 0);
    const spelt = tokens.reduce(
      (sum, { letters, isSpelt }) => sum + (isSpelt ? letters.length : 0),
      0,
    );
    if (spelt < FEWEST_SPELT || spelt * 2 < all) continue;
    let end = 0;
    for (const { letters } of tokens) {
      const first = letters[0]?.at ?? end;
      if (end > 0) builder.add(' ', end, Math.max(first, end));
      for (const { character, at } of letters) {
        builder.copy(text, at, at + character.length);
        end = at + character.length;
      }
    }
    return true;
  }
  return false;
}

function speltTokens(text: string, gap: string): SpeltToken[] {
  const words = gap === ' ' ? /[^\s](?:(?! {2}|[\r\n\t])[^])*/g : /\S+/g;
  const tokens: SpeltToken[] = [];
  for (const word of text.matchAll(words)) {
    const characters = Array.from(word[0]);
    // `❤` and its selector, a letter and its mark: what was joined as one is one.
    const isSpelt =
      characters.length > 2 &&
      characters.length % 2 === 1 &&
      characters.every((character, index) => index % 2 === 0 || character === gap) &&
      characters.some((character) => /\p{L}/u.test(character));
    let at = word.index;
    const letters: { character: string; at: number }[] = [];
    characters.forEach((character, index) => {
      if (!isSpelt || index % 2 === 0) letters.push({ character, at });
      at += character.length;
    });
    tokens.push({ letters, isSpelt });
  }
  return tokens;
}

/** Closes words that signs cut, and opens words that signs or capitals join. */
export function cutWords(text: string, builder: ViewBuilder): boolean {
  const joint = jointOf(text);
  if (joint !== undefined) {
    let [position, isChanged] = [0, false];
    for (let at = text.indexOf(joint); at !== -1; at = text.indexOf(joint, at + 1)) {
      builder.copy(text, position, at);
      builder.add(' ', at, at + 1);
      [position, isChanged] = [at + 1, true];
    }
    builder.copy(text, position, text.length);
    return isChanged;
  }
  if (!/\p{L}[._*~|^+`-]/u.test(text)) {
    return replaceRuns(text, builder, HUMPS, ([run]) => run.replace(/(?<=[a-z])(?=[A-Z])/g, ' '));
  }
  let cuts = 0;
  for (const [run] of text.matchAll(SPLIT)) if (run.length >= CLOSED_THROUGHOUT) cuts += 1;
  const fewest = cuts >= CUT_THROUGHOUT ? CLOSED_THROUGHOUT : CLOSED_ALWAYS;
  return replaceRuns(text, builder, SPLIT, ([run]) => {
    const parts = run.split(CUT);
    if (run.length < fewest) return undefined;
    const isMadeOfWords = !EMPHASIS.test(run) && parts.length > 2 && run.length / parts.length >= 4;
    return parts.join(isMadeOfWords ? ' ' : '');
  });
}

/** The sign that stands between all words of a text in place of blanks; a file name has fewer of them. */
function jointOf(text: string): string | undefined {
  const blanks = text.match(/\s/g)?.length ?? 0;
  for (const joint of JOINTS) {
    const count = text.split(joint).length - 1;
    if (count < 4 || blanks * 3 > count) continue;
    const perWord = text.length / (count + 1);
    if (perWord >= 3 && perWord <= 10) return joint;
  }
  return undefined;
}

/** Reads stretched letters as one. */
export function stretchedLetters(word: string): string {
  return word.replace(REPEATED, '$1');
}

function mostFrequent(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [best, most] = ['', 0];
  for (const [value, count] of counts) if (count > most) [best, most] = [value, count];
  return best;
}
