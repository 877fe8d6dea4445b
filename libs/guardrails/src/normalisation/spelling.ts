import type { ViewBuilder } from './text-view.js';
import { replaceRuns } from './transform.js';

/** Letters one by one: `h e l l o`, `h.e.l.l.o`; wider gaps stand between words. */
const SPELT =
  /(?<![\p{L}\p{N}])[\p{L}\p{N}@$!](?:[ .\-_*|/,~]{1,3}[\p{L}\p{N}@$!]){3,}(?![\p{L}\p{N}])/gu;
/** A word with signs inside: `ki.ll`, `ignore_all_rules`. */
const SPLIT = /(?<![\p{L}\p{N}])\p{L}{1,20}(?:[._*~|^+-]{1,2}\p{L}{1,20})+(?![\p{L}\p{N}@])/gu;
/** A word that has digits or signs for letters. */
const LEET = /(?<![\p{L}\p{N}@$!|+€£/=_-])[A-Za-z0-9@$!|+€£]{2,24}(?![\p{L}\p{N}@$€£/=_-])/gu;
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
const REPEATED = /(\p{L})\1{2,}/gu;
const HUMPS = /(?<![A-Za-z0-9+/_-])[A-Za-z][a-z]{1,20}(?:[A-Z][a-z]{1,20}){2,}(?![A-Za-z0-9+/_-])/g;

/** Joins letters that are spelt one by one. */
export function speltWords(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, SPELT, ([run]) => {
    const separators = run.match(/[ .\-_*|/,~]{1,3}/g) ?? [];
    const usual = mostFrequent(separators);
    // Digits alone are numbers, whatever stands between them; `1, 2, 3, 4` is a list.
    if (!/\p{L}/u.test(run) || separators.filter((one) => one === usual).length < 3)
      return undefined;
    return run.replace(/[ .\-_*|/,~]{1,3}/g, (separator) => (separator === usual ? '' : ' '));
  });
}

/** Closes words that signs cut, and opens words that signs or capitals join. */
export function cutWords(text: string, builder: ViewBuilder): boolean {
  if (!/\p{L}[._*~|^+-]/u.test(text)) {
    return replaceRuns(text, builder, HUMPS, ([run]) => run.replace(/(?<=[a-z])(?=[A-Z])/g, ' '));
  }
  return replaceRuns(text, builder, SPLIT, ([run]) => {
    const parts = run.split(/[._*~|^+-]{1,2}/);
    if (run.length < 6) return undefined;
    const isMadeOfWords = parts.length > 2 && run.length / parts.length >= 4;
    return parts.join(isMadeOfWords ? ' ' : '');
  });
}

/** Reads digits and signs in words as the letters that they look like, and stretched letters as one. */
export function leetWords(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, LEET, ([word]) => {
    let end = word.length;
    while (end > 0 && '!|+'.includes(word.charAt(end - 1))) end -= 1;
    const body = word.slice(0, end);
    const letters = body.replace(/[^A-Za-z]/g, '').length;
    if (letters === 0 || body.length - letters > letters * 2) return undefined;
    const read = Array.from(body, (character) => LETTER_FOR[character] ?? character).join('');
    return read.replace(REPEATED, '$1') + word.slice(end);
  });
}

function mostFrequent(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [best, most] = ['', 0];
  for (const [value, count] of counts) if (count > most) [best, most] = [value, count];
  return best;
}
