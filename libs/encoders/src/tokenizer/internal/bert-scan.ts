import type { AddedToken } from './added-tokens.js';
import { createBertWordScanner } from './bert-words.js';
import type { Component, ComponentReader } from './component.js';
import { escapePattern } from './escape-pattern.js';
import { bertNormalizerSchema } from './normalizer.js';
import type { Scan } from './scan.js';
import type { TokenModel } from './token-model.js';

/** Whether the parts are BERT's own, which one pass over the text can do. */
export function isPlainBert(parts: {
  normalizer: { type: string } | null;
  preTokenizer: { type: string } | null;
  added: readonly AddedToken[];
}): boolean {
  return (
    parts.normalizer?.type === 'BertNormalizer' &&
    parts.preTokenizer?.type === 'BertPreTokenizer' &&
    parts.added.every(
      (token) => !token.normalized && !token.lstrip && !token.rstrip && !token.single_word,
    )
  );
}

/** Does the work of BERT's normaliser and pre-tokeniser in one pass. */
export function createBertScan(parts: {
  normalizer: Component;
  added: readonly AddedToken[];
  model: TokenModel;
  reader: ComponentReader;
}): Scan {
  const options = parts.reader.parse(bertNormalizerSchema, parts.normalizer, 'normalizer');
  const scanWords = createBertWordScanner({
    cleanText: options.clean_text,
    separateIdeographs: options.handle_chinese_chars,
    stripAccents: options.strip_accents ?? options.lowercase,
    lowercase: options.lowercase,
  });
  const added = new Map(parts.added.map(({ content, id }) => [content, id]));
  const splitter = splitterOf([...added.keys()]);

  return (text, onPieces) => {
    const onWord = (word: string): boolean => onPieces(parts.model.idsOf(word));
    const segments = splitter?.test(text) === true ? text.split(splitter) : [text];
    for (const segment of segments) {
      const id = added.get(segment);
      if (!(id === undefined ? scanWords(segment, onWord) : onPieces([id]))) return false;
    }
    return true;
  };
}

/** Splits text at added tokens and keeps them; undefined where there are none. */
function splitterOf(contents: readonly string[]): RegExp | undefined {
  if (contents.length === 0) return undefined;
  const byLength = [...contents].sort((a, b) => b.length - a.length);
  return new RegExp(`(${byLength.map(escapePattern).join('|')})`, 'u');
}
