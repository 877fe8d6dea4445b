import type { Finder } from './finder.js';
import { createPrefixPattern } from './prefix-pattern.js';

/** A pattern that is tried where a word begins. */
export interface Shape {
  readonly category: string;
  /** Confidence in [0, 1]. */
  readonly score: number;
  /** What must stand at the beginning of a word for the pattern to be tried. */
  readonly first: RegExp;
  /** How many characters `first` looks at, at most. Default 4. */
  readonly firstLength?: number;
  /** The pattern, which takes time linear in what it matches; without references to groups. */
  readonly pattern: RegExp;
  /** The longest match. Units: UTF-16 code units. */
  readonly maxLength: number;
  /** How much before it `check` sees. Default 1. Units: UTF-16 code units. */
  readonly lookBehind?: number;
  /** The part of the match that counts, or `undefined` where it is none after all. Default: all of it. */
  readonly check?: (found: {
    readonly match: RegExpExecArray;
    readonly before: string;
  }) => { readonly start: number; readonly end: number } | undefined;
}

const IN_WORD = /[\p{L}\p{N}\p{M}_]/u;

/** Makes a finder of a pattern that begins where a word does and is not followed by more of a word. */
export function createShapeFinder(shape: Shape): Finder {
  const trigger = new RegExp(
    `(?<![\\p{L}\\p{N}\\p{M}_])(?:${shape.first.source})`,
    `${shape.first.flags.replace(/[guy]/g, '')}gu`,
  );
  const pattern = new RegExp(shape.pattern.source, `${shape.pattern.flags.replace(/[gy]/g, '')}y`);
  const beginnings = createPrefixPattern(shape.pattern);
  const { lookBehind = 1, firstLength = 4, maxLength, category, score } = shape;
  const isOpenAt = (text: string, anchor: number): boolean =>
    text.length - anchor <= maxLength && beginnings.isOpenAt(text, anchor);
  return {
    lookBehind: Math.max(1, lookBehind),
    maxLength: maxLength + 1,
    next({ text, isFinal }, from) {
      trigger.lastIndex = from;
      for (let found = trigger.exec(text); found !== null; found = trigger.exec(text)) {
        const anchor = found.index;
        trigger.lastIndex = anchor + 1;
        if (!isFinal && isOpenAt(text, anchor)) return { isOpen: true, anchor };
        pattern.lastIndex = anchor;
        const match = pattern.exec(text);
        if (match === null || match[0].length > maxLength) continue;
        const end = anchor + match[0].length;
        if (IN_WORD.test(text.charAt(end)) && IN_WORD.test(text.charAt(end - 1))) continue;
        const part =
          shape.check === undefined
            ? { start: 0, end: match[0].length }
            : shape.check({ match, before: text.slice(Math.max(0, anchor - lookBehind), anchor) });
        if (part === undefined) continue;
        return {
          isOpen: false,
          anchor,
          start: anchor + part.start,
          end: anchor + part.end,
          category,
          rule: category,
          score,
        };
      }
      if (isFinal) return undefined;
      // A word that `first` does not know yet may be growing at the end.
      for (let at = Math.max(from, text.length - firstLength); at < text.length; at += 1)
        if (isWordStart(text, at) && isOpenAt(text, at)) return { isOpen: true, anchor: at };
      return undefined;
    },
  };
}

function isWordStart(text: string, at: number): boolean {
  return IN_WORD.test(text.charAt(at)) && (at === 0 || !IN_WORD.test(text.charAt(at - 1)));
}
