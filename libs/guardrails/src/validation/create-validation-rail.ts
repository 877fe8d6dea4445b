import type { Finding, Rail, RailCheckOptions, RailPoint, Verdict } from '@espalier/core';

/**
 * What happens to a text that is not valid.
 *
 * `refrain`: it is stopped. `reask`: it is stopped, and an agent asks its model again with what to change. `fix`: it is
 * corrected where the rail can, and stopped where it cannot.
 */
export type OnFailure = 'refrain' | 'reask' | 'fix';

/** What a validation came to. */
export interface Invalid {
  /** What is wrong, for a person. */
  readonly reason: string;
  readonly category: string;
  readonly rule?: string;
  readonly score?: number;
  readonly span?: { readonly start: number; readonly end: number };
  /** The text put right. */
  readonly fixed?: string;
}

/** What a validation rail takes besides its rule. */
export interface ValidationRailOptions {
  readonly name?: string;
  readonly points?: readonly RailPoint[];
  /** Default `refrain`. */
  readonly onFailure?: OnFailure;
}

/** What an invalid text comes to. */
export function invalidVerdict(invalid: Invalid, text: string, onFailure: OnFailure): Verdict {
  const { reason, category, rule, score = 1, fixed } = invalid;
  const span = invalid.span ?? { start: 0, end: text.length };
  const finding: Finding = { span, category, score, ...(rule === undefined ? {} : { rule }) };
  const findings = span.start < span.end ? [finding] : [];
  if (onFailure === 'fix' && fixed !== undefined) {
    return { action: 'replace', reason, text: fixed, findings };
  }
  return {
    action: 'block',
    reason,
    findings,
    ...(onFailure === 'reask' ? { feedback: feedbackOf(reason) } : {}),
  };
}

/** What a model is told that is asked again. */
export function feedbackOf(reason: string): string {
  return `Your answer was not given out. ${reason} Answer again so that this is met.`;
}

/**
 * Makes a rail that judges whole texts; while a text streams it holds back all of it, until it `isSettled` that whatever
 * follows leaves it valid.
 */
export function createValidationRail(options: {
  readonly name: string;
  readonly points: readonly RailPoint[];
  readonly onFailure: OnFailure;
  readonly validate: (
    check: RailCheckOptions,
  ) => Invalid | undefined | Promise<Invalid | undefined>;
  readonly isSettled?: (check: RailCheckOptions) => boolean;
}): Rail {
  const { isSettled } = options;
  return {
    specificationVersion: 'v1',
    name: options.name,
    points: options.points,
    maxHoldBack: Number.POSITIVE_INFINITY,
    // One character tells that something has been cleared.
    lookBehind: isSettled === undefined ? 0 : 1,
    ...(isSettled === undefined ? {} : { clearsEarly: true }),
    ...(options.onFailure === 'reask' ? { mayReask: true } : {}),
    check(check) {
      const { text, from = 0 } = check;
      const clearedUntil = text.length;
      if (!check.isFinal) {
        const isClear = isSettled?.(check) ?? false;
        return { verdict: { action: 'allow' }, clearedUntil: isClear ? clearedUntil : from };
      }
      const verdictOf = (invalid: Invalid | undefined): Verdict =>
        invalid === undefined
          ? { action: 'allow' }
          : invalidVerdict(invalid, text, options.onFailure);
      const invalid = options.validate(check);
      if (invalid instanceof Promise) {
        return invalid.then((found) => ({ verdict: verdictOf(found), clearedUntil }));
      }
      return { verdict: verdictOf(invalid), clearedUntil };
    },
  };
}
