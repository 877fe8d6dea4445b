import { lazyValue } from './lazy-value.js';
import { parsePattern, type PatternNode } from './parse-pattern.js';

/** The end of the text, whatever the flags. */
const END = '(?![^])';

/** Tells where a pattern may yet come to match, once more text has come. */
export interface PrefixPattern {
  /** Whether the text from `at` to its end is the beginning of a match, or what it is depends on what follows. */
  readonly isOpenAt: (text: string, at: number) => boolean;
  /** The first such place from `from` on; the length of the text where there is none. */
  readonly openFrom: (text: string, from: number) => number;
}

/**
 * Makes the pattern of all beginnings of what a pattern matches.
 *
 * Where it does not fit, what the pattern makes of that place is settled, whatever follows: no way through the pattern
 * reaches the end of the text. So a stream has to hold back only what it fits.
 *
 * @throws {SyntaxError} the pattern refers back to a group, or is not understood.
 */
export function createPrefixPattern(pattern: RegExp): PrefixPattern {
  const flags = pattern.flags.replace(/[gyd]/g, '');
  const source = prefixSource(pattern.source);
  const at = lazyValue(() => new RegExp(source, `${flags}y`));
  const anywhere = lazyValue(() => new RegExp(source, `${flags}g`));
  return {
    isOpenAt(text, position) {
      const expression = at();
      expression.lastIndex = position;
      return position < text.length && expression.test(text);
    },
    openFrom(text, from) {
      const expression = anywhere();
      expression.lastIndex = from;
      return expression.exec(text)?.index ?? text.length;
    },
  };
}

/**
 * The source of the pattern of all beginnings; `end` is how the end of the text is written.
 *
 * @throws {SyntaxError} the pattern refers back to a group, or is not understood.
 */
export function prefixSource(source: string, end = END): string {
  return `(?:${beginningsOf(parsePattern(source), end)})${end}`;
}

/** Each character, and each condition on a place, may be missing where the text ends. */
function beginningsOf(node: PatternNode, end: string): string {
  switch (node.kind) {
    case 'set':
    case 'place':
      return `(?:${node.source}|${end})`;
    case 'either':
      return `(?:${node.options.map((option) => beginningsOf(option, end)).join('|')})`;
    case 'sequence':
      return node.items.map((item) => beginningsOf(item, end)).join('');
    case 'repeat':
      return `(?:${beginningsOf(node.body, end)})${countOf(node)}`;
    case 'look': {
      if (node.behind) return `(?:${sourceOf(node)}|${end})`;
      const beginnings = beginningsOf(node.body, end);
      if (!node.negative) return `(?=${beginnings})`;
      // What must not follow may have come in part.
      return `(?:${sourceOf(node)}|(?=${beginnings}${end}))`;
    }
    case 'reference':
      throw new SyntaxError('A reference to a group has no beginnings of its own.');
  }
}

function sourceOf(node: PatternNode): string {
  switch (node.kind) {
    case 'set':
    case 'place':
      return node.source;
    case 'either':
      return `(?:${node.options.map(sourceOf).join('|')})`;
    case 'sequence':
      return node.items.map(sourceOf).join('');
    case 'repeat':
      return `(?:${sourceOf(node.body)})${countOf(node)}`;
    case 'look':
      return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${sourceOf(node.body)})`;
    case 'reference':
      throw new SyntaxError('A reference to a group cannot be written without its group.');
  }
}

function countOf({ min, max }: Extract<PatternNode, { kind: 'repeat' }>): string {
  return `{${min},${max === Infinity ? '' : max}}`;
}
