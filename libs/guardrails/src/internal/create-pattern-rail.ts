import type { Finding, Rail, RailPoint } from '@espalier/core';
import { findMatches, type Match } from './find-matches.js';
import type { Finder } from './finder.js';

/** What happens to a text in which a category is found. */
export type RailAction = 'redact' | 'block';

/** What `createPatternRail` takes. */
export interface PatternRailOptions {
  readonly name: string;
  readonly points: readonly RailPoint[];
  readonly finders: readonly Finder[];
  /** `undefined` for a category that is let through. */
  readonly actionOf: (category: string) => RailAction | undefined;
  readonly replacementOf: (category: string, found: string) => string;
  /** What the findings are called in a reason, `secrets`. */
  readonly noun: string;
}

/** Makes a rail of finders; stateless, so that one rail serves any number of streams. */
export function createPatternRail(options: PatternRailOptions): Rail {
  const { finders } = options;
  const reach = Math.max(0, ...finders.map((finder) => finder.maxLength));
  const toFinding = (text: string, { start, end, category, score }: Match): Finding => ({
    span: { start, end },
    category,
    score,
    replacement: options.replacementOf(category, text.slice(start, end)),
  });
  return {
    specificationVersion: 'v1',
    name: options.name,
    points: options.points,
    // An open candidate may keep back a decided one that was anchored before it.
    maxHoldBack: 2 * reach,
    lookBehind: Math.max(0, ...finders.map((finder) => finder.lookBehind)),
    check({ text, isFinal, from = 0 }) {
      const { matches, clearedUntil } = findMatches(finders, { text, isFinal }, from);
      const findings = matches
        .filter(({ category }) => options.actionOf(category) !== undefined)
        .map((match) => toFinding(text, match));
      if (findings.length === 0) return { verdict: { action: 'allow' }, clearedUntil };
      const blocking = findings.filter(({ category }) => options.actionOf(category) === 'block');
      const categories = [
        ...new Set((blocking.length > 0 ? blocking : findings).map(({ category }) => category)),
      ];
      const reason = `The text holds ${options.noun}: ${categories.join(', ')}.`;
      return {
        verdict: { action: blocking.length > 0 ? 'block' : 'redact', reason, findings },
        clearedUntil,
      };
    },
  };
}
