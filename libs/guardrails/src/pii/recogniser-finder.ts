import { PatternGrowthError } from '../errors.js';
import type { Finder } from '../internal/finder.js';
import { createPrefixPattern } from '../internal/prefix-pattern.js';
import { patternGrowth } from './pattern-growth.js';

/** A recogniser of one's own. */
export interface PiiRecogniser {
  /** The category of what it finds, `employee-number`. */
  readonly type: string;
  /**
   * The pattern; without the flags `g` and `y`. It must take time linear in the text, which is checked: bound repetitions,
   * `\d{1,20}` for `\d+`, where they stand beside or inside each other.
   */
  readonly pattern: RegExp;
  /** The longest match; a stream holds back no more. Units: UTF-16 code units. Default 64. */
  readonly maxLength?: number;
  /** Whether what the pattern matched is right, by a check digit or a list. */
  readonly validate?: (matched: string) => boolean;
  /** Words within 64 characters before it that speak for it. */
  readonly context?: readonly string[];
  /** Confidence in [0, 1] without such a word; with one 0.35 more. Found from 0.5 on. Default 0.6. */
  readonly score?: number;
}

const CONTEXT = 64;
const MAX_LENGTH = 64;
const BONUS = 0.35;

/**
 * Makes a finder of a recogniser.
 *
 * @throws {PatternGrowthError} `ERR_GUARDRAILS_PATTERN_GROWTH`: the pattern may take time that grows faster than the text.
 */
export function createRecogniserFinder(recogniser: PiiRecogniser): Finder {
  const { maxLength = MAX_LENGTH, score = 0.6, context = [] } = recogniser;
  const problem = patternGrowth(recogniser.pattern);
  if (problem !== undefined)
    throw new PatternGrowthError({ type: recogniser.type, pattern: recogniser.pattern, problem });
  const pattern = new RegExp(
    recogniser.pattern.source,
    `${recogniser.pattern.flags.replace(/[gy]/g, '')}g`,
  );
  const beginnings = createPrefixPattern(recogniser.pattern);
  const words = context.map((word) => word.toLowerCase());
  return {
    lookBehind: CONTEXT,
    maxLength: maxLength + 1,
    next({ text, isFinal }, from) {
      const settled = isFinal
        ? text.length + 1
        : beginnings.openFrom(text, Math.max(from, text.length - maxLength));
      const open = { isOpen: true, anchor: settled } as const;
      pattern.lastIndex = from;
      for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
        const start = found.index;
        const end = start + found[0].length;
        if (start >= settled) return open;
        if (end === start) {
          pattern.lastIndex = start + 1;
          continue;
        }
        const before = text.slice(Math.max(0, start - CONTEXT), start).toLowerCase();
        const total = Math.min(
          0.99,
          score + (words.some((word) => before.includes(word)) ? BONUS : 0),
        );
        if (end - start <= maxLength && total >= 0.5 && (recogniser.validate?.(found[0]) ?? true)) {
          return {
            isOpen: false,
            anchor: start,
            start,
            end,
            category: recogniser.type,
            rule: recogniser.type,
            score: total,
          };
        }
      }
      return isFinal || open.anchor >= text.length ? undefined : open;
    },
  };
}
