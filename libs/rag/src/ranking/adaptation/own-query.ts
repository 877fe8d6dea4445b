import { declaredNames } from '../internal/declared-names.js';
import type { TitledText } from '../internal/passage-text.js';

const MIN_WORDS = 3;
const MAX_LETTERS = 300;
/** A docstring, a block comment, or lines of comment. */
const COMMENT = /"""([\s\S]*?)"""|\/\*+([\s\S]*?)\*\/|((?:^[ \t]*(?:#|\/\/).*\n)+)/gmu;
const COMMENT_MARKS = /^[ \t]*(?:#+|\/\/+!?|\*)[ \t]?/gmu;

/**
 * Returns what somebody who looks for this passage could ask, in its own words: its title, or what its longest comment says
 * of the code around it. A sentence of prose is nothing that anybody asks.
 */
export function ownQuery({ title = '', text }: TitledText): string | undefined {
  if (wordCount(title) >= MIN_WORDS) return title.trim();
  return declaredNames(text).length > 0 ? longestComment(text) : undefined;
}

function longestComment(text: string): string | undefined {
  let longest = '';
  for (const [, docstring, block, lines] of text.matchAll(COMMENT)) {
    const words = (docstring ?? block ?? lines ?? '').replaceAll(COMMENT_MARKS, '');
    const [sentence = ''] = words
      .replaceAll(/\s+/gu, ' ')
      .trim()
      .split(/(?<=[.!?])\s/u);
    if (sentence.length > longest.length) longest = sentence;
  }
  const query = longest.slice(0, MAX_LETTERS);
  return wordCount(query) > MIN_WORDS ? query : undefined;
}

function wordCount(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== '').length;
}
