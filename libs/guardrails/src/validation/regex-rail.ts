import { InvalidArgumentError, type Rail, type RailPoint } from '@espalier/core';
import { createPatternRail, type RailAction } from '../internal/create-pattern-rail.js';
import { createFinderReader } from '../internal/find-matches.js';
import { compileLinearPattern } from '../internal/linear-pattern.js';
import { prefixSource } from '../internal/prefix-pattern.js';
import { createReachFinder, type ReachFinderOptions } from '../internal/reach-finder.js';
import { createValidationRail, type OnFailure } from './create-validation-rail.js';

/** What `createRegexRail` takes. */
export interface RegexRailOptions {
  /** Default `regex`. */
  readonly name?: string;
  /** Default: `input` and `output`. */
  readonly points?: readonly RailPoint[];
  /** A pattern in RE2's syntax: no backreferences, no look-around, and always linear in the text. */
  readonly pattern: string;
  /** Default `false`. */
  readonly ignoresCase?: boolean;
  /** `forbid`: no place may match. `require`: the whole text must. Default `forbid`. */
  readonly rule?: 'forbid' | 'require';
  /** The longest match of a forbidden pattern; a stream holds back no more. Default 256. */
  readonly maxLength?: number;
  /** What the findings are called. Default `pattern`. */
  readonly category?: string;
  /** What happens where a forbidden pattern stands. Default `redact`. */
  readonly action?: RailAction;
  readonly replacement?: string;
  /** What happens to a text that a required pattern does not fit. Default `refrain`. */
  readonly onFailure?: OnFailure;
}

/**
 * Makes a rail of a regular expression, matched by an engine that cannot be made to backtrack.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: the pattern is not RE2's, or it matches the empty text.
 */
export async function createRegexRail(options: RegexRailOptions): Promise<Rail> {
  const { pattern, category = 'pattern', rule = 'forbid', maxLength = 256 } = options;
  const compiled = await compileLinearPattern(pattern, {
    ignoresCase: options.ignoresCase === true,
  });
  const name = options.name ?? 'regex';
  const points = options.points ?? ['input', 'output'];
  if (rule === 'require') {
    return createValidationRail({
      name,
      points,
      onFailure: options.onFailure ?? 'refrain',
      validate: ({ text }) =>
        compiled.matcher(text).matches()
          ? undefined
          : {
              category,
              rule: pattern.slice(0, 64),
              reason: 'The text is not of the form asked for.',
            },
    });
  }
  if (compiled.matcher('').matches()) {
    throw new InvalidArgumentError({
      argument: 'pattern',
      value: pattern,
      expected: 'a pattern that does not match the empty text',
    });
  }
  const { action = 'redact' } = options;
  return createPatternRail({
    name,
    points,
    noun: 'what a pattern forbids',
    reader: createFinderReader([
      createReachFinder({
        reach: maxLength,
        openFrom: await openFromOf(options),
        find(text, from) {
          const matcher = compiled.matcher(text);
          for (let at = from; at <= text.length && matcher.find(at);) {
            if (matcher.end() > matcher.start()) {
              return {
                start: matcher.start(),
                end: matcher.end(),
                category,
                rule: pattern.slice(0, 64),
              };
            }
            at = matcher.end() + 1;
          }
          return undefined;
        },
      }),
    ]),
    actionOf: () => action,
    replacementOf: () => options.replacement ?? `[redacted:${category}]`,
  });
}

/** What RE2 reads otherwise than JavaScript does. */
const OWN_SYNTAX = /\(\?(?!:)|\[:|\\(?:[QECAzZ]|[pP](?!\{))/u;

/** Where what a stream ends with may be the beginning of a match; `undefined` where the pattern does not tell. */
async function openFromOf({
  pattern,
  ignoresCase = false,
}: RegexRailOptions): Promise<ReachFinderOptions['openFrom']> {
  if (OWN_SYNTAX.test(pattern)) return undefined;
  const beginnings = await compileLinearPattern(prefixSource(pattern, String.raw`\z`), {
    ignoresCase,
  });
  return (text, from) => {
    const matcher = beginnings.matcher(text);
    return matcher.find(from) ? matcher.start() : text.length;
  };
}
