import { InvalidArgumentError, type Rail, type RailPoint } from '@espalier/core';
import { createPatternRail, type RailAction } from '../internal/create-pattern-rail.js';
import { createFinderReader } from '../internal/find-matches.js';
import { createPrefixPattern } from '../internal/prefix-pattern.js';
import { createReachFinder } from '../internal/reach-finder.js';

/** What `createKeywordRail` takes. */
export interface KeywordRailOptions {
  /** Default `keywords`. */
  readonly name?: string;
  /** Default: `input` and `output`. */
  readonly points?: readonly RailPoint[];
  /** Words and phrases, whatever their case; found as whole words only. */
  readonly words: readonly string[];
  /** What the findings are called, such as `competitor`. Default `keyword`. */
  readonly category?: string;
  /** Default `redact`. */
  readonly action?: RailAction;
  /** What takes a word's place. Default `[redacted:<category>]`. */
  readonly replacement?: string;
}

const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

/**
 * Makes a rail for words that must not go in or out, such as the names of competitors.
 *
 * While a text streams it holds back what may be the beginning of such a word.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: no words, or an empty one.
 */
export function createKeywordRail(options: KeywordRailOptions): Rail {
  const { category = 'keyword', action = 'redact', words } = options;
  if (words.length === 0 || words.some((word) => word.trim() === '')) {
    throw new InvalidArgumentError({
      argument: 'words',
      value: words,
      expected: 'at least one word, and none empty',
    });
  }
  const spaced = [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) =>
      word
        .trim()
        .replace(SPECIAL, String.raw`\$&`)
        .replace(/\s+/gu, String.raw`\s`),
    );
  const pattern = new RegExp(
    String.raw`(?<![\p{L}\p{N}_])(?:${spaced.join('|')})(?![\p{L}\p{N}_])`,
    'giu',
  );
  return createPatternRail({
    name: options.name ?? 'keywords',
    points: options.points ?? ['input', 'output'],
    noun: 'words that are not allowed',
    reader: createFinderReader([
      createReachFinder({
        reach: Math.max(...words.map((word) => word.trim().length)) + 1,
        openFrom: createPrefixPattern(pattern).openFrom,
        find(text, from) {
          pattern.lastIndex = from;
          const match = pattern.exec(text);
          if (match === null) return undefined;
          return {
            start: match.index,
            end: match.index + match[0].length,
            category,
            rule: match[0].toLowerCase().slice(0, 64),
          };
        },
      }),
    ]),
    actionOf: () => action,
    replacementOf: () => options.replacement ?? `[redacted:${category}]`,
  });
}
