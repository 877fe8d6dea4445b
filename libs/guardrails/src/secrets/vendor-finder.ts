import type { Finder } from '../internal/finder.js';
import { createLiteralSearch } from '../internal/literal-search.js';
import { fitsAt, runEnd } from '../internal/scan.js';
import { acceptsVendorValue, type VendorRule } from './vendor-rules.js';

const MAX_NAME = 40;
const MAX_GAP = 5;
const MAX_VALUE = 420;
const QUOTE_OR_SPACE = /["'`\s]/;
const SEPARATOR = /[:=>|?,]/;

/**
 * Finds keys by the vendor's name in what they are assigned to: `ADAFRUIT_IO_KEY=…`, `"datadog": "…"`.
 *
 * Only the value is a finding.
 */
export function createVendorFinder(rules: readonly VendorRule[]): Finder {
  const byName = new Map<string, VendorRule[]>();
  for (const rule of rules) {
    for (const name of rule.names) byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  const names = [...byName.keys()];
  const longest = Math.max(0, ...names.map((name) => name.length));
  const trigger = createLiteralSearch(names, { ignoreCase: true });
  const beginnings = new Set(
    names.flatMap((name) => [...name].map((_, length) => name.slice(0, length))),
  );
  const name = new RegExp(`[A-Za-z0-9_. \\t-]{0,${MAX_NAME + 1}}`, 'y');
  const value = new RegExp(`[A-Za-z0-9_=.:/+%-]{0,${MAX_VALUE + 1}}`, 'y');

  /** Where the value begins; -1 for none, `undefined` when it is not clear yet. */
  const valueStart = (text: string, isFinal: boolean, nameStart: number): number | undefined => {
    let position = runEnd(text, nameStart, name);
    if (position - nameStart > MAX_NAME) return -1;
    const skip = (expression: RegExp, most: number): number => {
      const start = position;
      while (position - start < most && fitsAt(text, position, expression)) position += 1;
      return position - start;
    };
    skip(QUOTE_OR_SPACE, MAX_GAP);
    const separators = skip(SEPARATOR, 4);
    skip(/["'`\s=]/, MAX_GAP);
    if (position >= text.length && !isFinal) return undefined;
    return separators > 0 ? position : -1;
  };

  return {
    lookBehind: 0,
    literals: names,
    maxLength: longest + MAX_NAME + 2 * MAX_GAP + 5 + MAX_VALUE + 3,
    next({ text, isFinal }, from) {
      for (
        let found = trigger.next(text, from);
        found !== undefined;
        found = trigger.next(text, found.index + found.literal.length)
      ) {
        const anchor = found.index;
        const start = valueStart(text, isFinal, anchor + found.literal.length);
        if (start === undefined) return { isOpen: true, anchor };
        if (start === -1) continue;
        const runsTo = runEnd(text, start, value);
        if (runsTo - start > MAX_VALUE) continue;
        if (runsTo === text.length && !isFinal) return { isOpen: true, anchor };
        const end = sentenceEnd(text, start, runsTo);
        const body = text.slice(start, end);
        const fits = byName.get(found.literal)?.find((rule) => acceptsVendorValue(rule, body));
        if (fits !== undefined) {
          return {
            isOpen: false,
            anchor,
            start,
            end,
            category: fits.category,
            rule: fits.id,
            score: 0.9,
          };
        }
      }
      if (isFinal) return undefined;
      for (let start = Math.max(from, text.length - longest + 1); start < text.length; start += 1) {
        if (beginnings.has(text.slice(start).toLowerCase())) return { isOpen: true, anchor: start };
      }
      return undefined;
    },
  };
}

function sentenceEnd(text: string, start: number, runsTo: number): number {
  let end = runsTo;
  while (end > start && /[.:]/.test(text.charAt(end - 1))) end -= 1;
  return end;
}
