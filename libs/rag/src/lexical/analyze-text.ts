import { porterStem } from './porter-stem.js';
import { STOP_WORDS } from './stop-words.js';

const WORD = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}]+)?/gu;
const IDEOGRAPHS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const HAS_IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const INNER_BREAK = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** Longer runs are data, not words. */
const MAX_WORD_LENGTH = 128;

/**
 * Returns the terms of a text for lexical search, in order: lower-cased, stemmed words without stop words.
 *
 * An identifier (`camelCase`, `snake_case`) gives itself and its parts. Scripts without spaces give pairs of characters.
 */
export function analyzeText(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.normalize('NFKC').matchAll(WORD)) {
    if (word.length > MAX_WORD_LENGTH) continue;
    if (HAS_IDEOGRAPH.test(word)) {
      pushIdeographs(word, terms);
      continue;
    }
    const parts = word.split(INNER_BREAK).filter((part) => part !== '');
    if (parts.length > 1) {
      terms.push(word.toLowerCase());
      for (const part of parts) pushWord(part, terms);
    } else pushWord(word, terms);
  }
  return terms;
}

function pushWord(word: string, terms: string[]): void {
  const lowered = word
    .toLowerCase()
    .replace(/['’]s?$|['’]/gu, '')
    .replaceAll('_', '');
  if (lowered !== '' && !STOP_WORDS.has(lowered)) terms.push(porterStem(lowered));
}

function pushIdeographs(word: string, terms: string[]): void {
  let from = 0;
  for (const { index, 0: run } of word.matchAll(IDEOGRAPHS)) {
    if (index > from) pushWord(word.slice(from, index), terms);
    const characters = Array.from(run);
    if (characters.length === 1) terms.push(run);
    for (let n = 1; n < characters.length; n += 1) {
      terms.push(`${characters[n - 1] ?? ''}${characters[n] ?? ''}`);
    }
    from = index + run.length;
  }
  if (from < word.length) pushWord(word.slice(from), terms);
}
