import type { Span } from '@espalier/core';
import { QUESTION_WORDS, STOP_WORDS } from '../../lexical/stop-words.js';

/** A name in a sentence. */
export interface FoundName extends Span {
  readonly name: string;
  readonly type: 'name' | 'acronym' | 'identifier';
}

const WORD = String.raw`[\p{Lu}][\p{L}\p{N}\p{M}]*(?:['’-][\p{L}\p{N}]+)*`;
const NAME = new RegExp(
  String.raw`(?<![\p{L}\p{N}_])${WORD}(?:(?:\s+(?:of|the|de|del|von|van|la|du)){0,2}\s+(?:${WORD}|\p{N}+)|\.\s?${WORD}(?<=\b\p{Lu}\.\s?${WORD}))*`,
  'gu',
);
const IDENTIFIER =
  /(?<![\p{L}\p{N}_])(?:\p{Ll}+(?:\p{Lu}\p{Ll}*)+|\p{Lu}\p{Ll}+(?:\p{Lu}\p{Ll}+)+|\p{L}+(?:_\p{L}+)+)(?![\p{L}\p{N}])/gu;
const ACRONYM = /^\p{Lu}[\p{Lu}\p{N}]{1,7}s?$/u;
/** Words that begin sentences or stand for something named before. */
const NO_NAMES = new Set(
  'i he she it we you they his her its our their my your this that these those there here what when where which who why how if but and or so as at by for from in of on to with after before during while since because although however moreover furthermore also then thus therefore yes no not got all some many most each every both one two three four five first second third last next new today tomorrow yesterday now let see note chapter section table figure monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december'.split(
    ' ',
  ),
);
const MAX_NAME = 80;
/** Forms of words that names seldom have. */
const NO_NAME_FORM = /(?:ly|ing|ed)$/u;

/**
 * Finds what is written as a name in a sentence: runs of capitalised words, acronyms, identifiers.
 *
 * `isCommon` tells whether a word also stands in lower case in the text, so that the first word of a sentence is no name
 * because of its place.
 */
export function findNames(
  text: string,
  sentence: Span,
  isCommon: (word: string) => boolean,
): FoundName[] {
  const words = text.slice(sentence.start, sentence.end);
  const found: FoundName[] = [];
  for (const match of words.matchAll(NAME)) {
    const trimmed = trimName(words, match.index, match[0], isCommon);
    if (trimmed === undefined) continue;
    const { name, start } = trimmed;
    const type = ACRONYM.test(name) ? 'acronym' : 'name';
    found.push({
      name,
      type,
      start: sentence.start + start,
      end: sentence.start + start + name.length,
    });
  }
  for (const { index, 0: name } of words.matchAll(IDENTIFIER)) {
    const start = sentence.start + index;
    const end = start + name.length;
    if (found.every((other) => end <= other.start || start >= other.end))
      found.push({ name, type: 'identifier', start, end });
  }
  return found.sort((a, b) => a.start - b.start);
}

function trimName(
  words: string,
  index: number,
  match: string,
  isCommon: (word: string) => boolean,
): { name: string; start: number } | undefined {
  let name = match;
  let start = index;
  // Words at the front that are no part of a name: "However", "The", or any common word that begins the sentence.
  for (;;) {
    const first = /^\S+/u.exec(name)?.[0] ?? '';
    const plain = first.toLowerCase().replace(/['’].*$/u, '');
    const isFirst = words.slice(0, start).trim() === '';
    const isFormal = isFirst && (NO_NAME_FORM.test(plain) || isCommon(plain));
    const isDropped =
      NO_NAMES.has(plain) ||
      STOP_WORDS.has(plain) ||
      QUESTION_WORDS.has(plain) ||
      (isFormal && !ACRONYM.test(first));
    if (!isDropped) break;
    const rest = name.slice(first.length);
    const gap = rest.length - rest.trimStart().length;
    start += first.length + gap;
    name = rest.trimStart();
    if (name === '') return undefined;
    if (!/^\p{Lu}/u.test(name)) continue;
  }
  name = name.replace(/(?:\s+(?:of|the|de|del|von|van|la|du))+$/u, '').replace(/['’]s?$/u, '');
  const isShort = Array.from(name).length < 2;
  return isShort || name.length > MAX_NAME ? undefined : { name, start };
}
