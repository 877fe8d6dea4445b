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

/** Makes a rail that judges whole texts; while a text streams it holds back all of it. */
export function createValidationRail(options: {
  readonly name: string;
  readonly points: readonly RailPoint[];
  readonly onFailure: OnFailure;
  readonly validate: (
    check: RailCheckOptions,
  ) => Invalid | undefined | Promise<Invalid | undefined>;
}): Rail {
  const verdictOf = (text: string, invalid: Invalid | undefined): Verdict => {
    if (invalid === undefined) return { action: 'allow' };
    const { reason, category, rule, score = 1, fixed } = invalid;
    const span = invalid.span ?? { start: 0, end: text.length };
    const finding: Finding = { span, category, score, ...(rule === undefined ? {} : { rule }) };
    const findings = span.start < span.end ? [finding] : [];
    if (options.onFailure === 'fix' && fixed !== undefined) {
      return { action: 'replace', reason, text: fixed, findings };
    }
    return {
      action: 'block',
      reason,
      findings,
      ...(options.onFailure === 'reask'
        ? { feedback: `Your answer was not given out. ${reason} Answer again so that this is met.` }
        : {}),
    };
  };
  return {
    specificationVersion: 'v1',
    name: options.name,
    points: options.points,
    maxHoldBack: Number.POSITIVE_INFINITY,
    lookBehind: 0,
    ...(options.onFailure === 'reask' ? { mayReask: true } : {}),
    check(check) {
      if (!check.isFinal) return { verdict: { action: 'allow' }, clearedUntil: 0 };
      const clearedUntil = check.text.length;
      const invalid = options.validate(check);
      if (invalid instanceof Promise) {
        return invalid.then((found) => ({ verdict: verdictOf(check.text, found), clearedUntil }));
      }
      return { verdict: verdictOf(check.text, invalid), clearedUntil };
    },
  };
}
