import type { Finder } from '../internal/finder.js';
import { createLiteralSearch } from '../internal/literal-search.js';
import { fitsAt, isAlphanumericAt, runEnd } from '../internal/scan.js';
import type { TokenRule } from './token-rules.js';

/**
 * Finds keys that begin with a known prefix: the prefix at a word's start, then a run of the rule's characters whose
 * whole length fits the rule. Dots and dashes at a run's end belong to the sentence.
 */
export function createTokenFinder(rules: readonly TokenRule[]): Finder {
  const byPrefix = new Map<string, TokenRule[]>();
  for (const rule of rules) {
    for (const prefix of rule.prefixes)
      byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), rule]);
  }
  const prefixes = [...byPrefix.keys()];
  const trigger = createLiteralSearch(prefixes);
  const longest = Math.max(0, ...prefixes.map((prefix) => prefix.length));
  const beginnings = new Set(
    prefixes.flatMap((prefix) => [...prefix].map((_, length) => prefix.slice(0, length))),
  );

  /** Where the text's end may be the beginning of a prefix. */
  const unfinishedPrefix = (text: string, from: number): number | undefined => {
    for (let start = Math.max(from, text.length - longest + 1); start < text.length; start += 1) {
      if (!isAlphanumericAt(text, start - 1) && beginnings.has(text.slice(start))) return start;
    }
    return undefined;
  };

  return {
    lookBehind: 1,
    literals: prefixes.map((prefix) => prefix.toLowerCase()),
    maxLength: longest + Math.max(0, ...rules.map((rule) => rule.max)) + 2,
    next({ text, isFinal }, from) {
      // A longer prefix may be on its way where a shorter one already stands: `sk-` and `sk-ant-`.
      const unfinished = isFinal ? undefined : unfinishedPrefix(text, from);
      // Where a run that is too long ends, so that prefixes inside it do not read it again.
      const longRunEnds = new Map<TokenRule, number>();
      for (
        let found = trigger.next(text, from);
        found !== undefined;
        found = trigger.next(text, found.index + 1)
      ) {
        const { index: anchor, literal: prefix } = found;
        if (isAlphanumericAt(text, anchor - 1)) continue;
        if (unfinished !== undefined && anchor >= unfinished) break;
        const bodyStart = anchor + prefix.length;
        for (const rule of byPrefix.get(prefix) ?? []) {
          if ((longRunEnds.get(rule) ?? 0) - bodyStart > rule.max) continue;
          const bodyEnd = runEnd(text, bodyStart, rule.body);
          if (bodyEnd - bodyStart > rule.max) {
            longRunEnds.set(rule, wholeRunEnd(text, bodyEnd, rule.body));
            continue;
          }
          if (bodyEnd === text.length && !isFinal) return { isOpen: true, anchor };
          if (isAlphanumericAt(text, bodyEnd)) continue;
          // Dots and dashes at the end may be the key's or the sentence's.
          const end = [trimEnd(text, bodyStart, bodyEnd), bodyEnd].find(
            (candidate) =>
              candidate - bodyStart >= rule.min && rule.accepts(text.slice(bodyStart, candidate)),
          );
          if (end !== undefined) {
            return {
              isOpen: false,
              anchor,
              start: rule.isNamed ? bodyStart : anchor,
              end,
              category: rule.category,
              rule: rule.id,
              score: 0.99,
            };
          }
        }
      }
      return unfinished === undefined ? undefined : { isOpen: true, anchor: unfinished };
    },
  };
}

function wholeRunEnd(text: string, start: number, body: RegExp): number {
  let end = start;
  for (let next = runEnd(text, end, body); next > end; next = runEnd(text, end, body)) end = next;
  return end;
}

const PUNCTUATION = /[.\s-]/;

function trimEnd(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && fitsAt(text, last - 1, PUNCTUATION)) last -= 1;
  return last;
}
