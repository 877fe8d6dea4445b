import type { Finder } from '../internal/finder.js';
import { createShapeFinder } from '../internal/shape-finder.js';

const NUMBER = '(?:1[01]\\d|[1-9]?\\d)';
const BEFORE =
  /(?:\b(?:aged?|age of|turned|turning|turns|age is)|\bage["']?(?: (?:at|on|in|when)(?: [a-z]{2,9}){1,3})?[:=])[ "']{0,3}$/i;
const OLD = new RegExp(
  `${NUMBER}(?:[ -]?(?:years?|yrs?|months?)[ -]?old|[ -]?y/?o(?![a-z])| (?:years|yrs) of age)?`,
  'i',
);

/** Finds ages: a number behind `aged`, `age:` or `turned`, or before `years old` and `y/o`. The number alone is the finding. */
export function createAgeFinder(): Finder {
  return createShapeFinder({
    category: 'age',
    score: 0.8,
    first: /\d/,
    pattern: OLD,
    maxLength: 20,
    lookBehind: 40,
    check: ({ match, before }) => {
      const digits = /^\d+/.exec(match[0])?.[0] ?? '';
      const isSaid = match[0].length > digits.length || BEFORE.test(before);
      return isSaid && !/[\d.,$€£#]$/.test(before) ? { start: 0, end: digits.length } : undefined;
    },
  });
}
