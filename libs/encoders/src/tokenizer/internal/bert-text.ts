import { isDroppedByBert, isIdeograph, type BertWordOptions } from './bert-words.js';

/** Changes a text as a `BertNormalizer` does, where another cutter than BERT's follows it. */
export function normalizeBertText(text: string, options: BertWordOptions): string {
  let out = '';
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (options.cleanText && isDroppedByBert(codePoint, character)) continue;
    const cleaned = options.cleanText && /\p{White_Space}/u.test(character) ? ' ' : character;
    out += options.separateIdeographs && isIdeograph(codePoint) ? ` ${cleaned} ` : cleaned;
  }
  if (options.stripAccents) out = out.normalize('NFD').replace(/\p{Mn}/gu, '');
  return options.lowercase ? Array.from(out, (character) => character.toLowerCase()).join('') : out;
}
