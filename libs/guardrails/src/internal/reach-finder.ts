import type { Candidate, Finder } from './finder.js';

/** A place that a pattern of limited length takes. */
export interface ReachMatch {
  readonly start: number;
  readonly end: number;
  readonly category: string;
  readonly rule?: string;
  readonly score?: number;
}

/** What `createReachFinder` takes. */
export interface ReachFinderOptions {
  /** The longest match; longer ones are not taken. Units: UTF-16 code units. */
  readonly reach: number;
  /** How far before a match `find` looks. Default 1. Units: UTF-16 code units. */
  readonly lookBehind?: number;
  /** The first match that starts at `from` or later; must look no further than one character behind the match. */
  readonly find: (text: string, from: number) => ReachMatch | undefined;
  /**
   * The first place from `from` on where a match may have begun that the end of the text cuts.
   *
   * Default: the last `reach` characters are never decided.
   */
  readonly openFrom?: ((text: string, from: number) => number) | undefined;
}

/** Makes a finder of a pattern whose matches are no longer than `reach`. */
export function createReachFinder(options: ReachFinderOptions): Finder {
  const { reach, find, lookBehind = 1 } = options;
  return {
    lookBehind,
    maxLength: reach + 1,
    next({ text, isFinal }, from): Candidate | undefined {
      const limit = Math.max(from, text.length - reach);
      const open = isFinal
        ? text.length
        : Math.max(limit, Math.min(text.length, options.openFrom?.(text, limit) ?? limit));
      for (let at = from; at <= text.length;) {
        const match = find(text, at);
        if (match === undefined || match.start >= open) break;
        if (match.end - match.start <= reach) {
          const { start, end, category, rule, score = 1 } = match;
          return {
            isOpen: false,
            anchor: start,
            start,
            end,
            category,
            score,
            ...(rule === undefined ? {} : { rule }),
          };
        }
        at = match.start + 1;
      }
      return open >= text.length ? undefined : { isOpen: true, anchor: open };
    },
  };
}
