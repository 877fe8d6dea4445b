const WORD = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}]+)?/gu;
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}';
const UNSPACED_RUNS = new RegExp(`[${UNSPACED}]+`, 'gu');
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'u');
const HAS_INNER_BREAK = /_|\p{Ll}\p{Lu}|\p{N}\p{Lu}|\p{Lu}{2}\p{Ll}/u;
const INNER_BREAK = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const ONLY_ASCII = /^[\0-\x7f]*$/u;
/** Longer runs are data, not words. */
const MAX_WORD_LENGTH = 128;

/**
 * Returns the words of a text in lower case, in order.
 *
 * An identifier (`camelCase`, `snake_case`) gives itself and its parts. Scripts without spaces give pairs of characters.
 * An apostrophe and what follows it is cut off only where it is an `s`.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  const normal = ONLY_ASCII.test(text) ? text : text.normalize('NFKC');
  for (const [word] of normal.matchAll(WORD)) {
    if (word.length > MAX_WORD_LENGTH) continue;
    if (HAS_UNSPACED.test(word)) {
      pushUnspaced(word, words);
      continue;
    }
    if (HAS_INNER_BREAK.test(word)) {
      const parts = word.split(INNER_BREAK).filter((part) => part !== '');
      if (parts.length > 1) {
        words.push(word.toLowerCase());
        for (const part of parts) pushWord(part, words);
        continue;
      }
    }
    pushWord(word, words);
  }
  return words;
}

function pushWord(word: string, words: string[]): void {
  let lowered = word.toLowerCase();
  if (/['’_]/u.test(lowered)) {
    lowered = lowered.replace(/['’]s?$|['’]/gu, '').replaceAll('_', '');
    if (lowered === '') return;
  }
  words.push(lowered);
}

function pushUnspaced(word: string, words: string[]): void {
  let from = 0;
  for (const { index, 0: run } of word.matchAll(UNSPACED_RUNS)) {
    if (index > from) pushWord(word.slice(from, index), words);
    const characters = Array.from(run);
    if (characters.length === 1) words.push(run);
    for (let n = 1; n < characters.length; n += 1) {
      words.push(`${characters[n - 1] ?? ''}${characters[n] ?? ''}`);
    }
    from = index + run.length;
  }
  if (from < word.length) pushWord(word.slice(from), words);
}
