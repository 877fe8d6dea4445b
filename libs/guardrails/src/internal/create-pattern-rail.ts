import type { Finding, Rail, RailPoint } from '@espalier/core';
import type { Match, MatchReader } from './find-matches.js';

/** What happens to a text in which a category is found. */
export type RailAction = 'redact' | 'block';

/** What `createPatternRail` takes. */
export interface PatternRailOptions {
  readonly name: string;
  readonly points: readonly RailPoint[];
  /** What finds; as the `Rail` port has it, no more than `maxHoldBack` is left uncleared. */
  readonly reader: MatchReader;
  /** `undefined` for a category that is let through. */
  readonly actionOf: (category: string) => RailAction | undefined;
  readonly replacementOf: (category: string, found: string, point: RailPoint) => string;
  /** What the findings are called in a reason, `secrets`. */
  readonly noun?: string;
  /** Why a text is stopped or changed; instead of what is made of `noun` and the categories. */
  readonly reason?: string;
  /** What a model is asked again with, where the text is stopped. */
  readonly feedback?: string;
}

/** Makes a rail of what finds patterns; stateless, so that one rail serves any number of streams. */
export function createPatternRail(options: PatternRailOptions): Rail {
  const { reader } = options;
  const toFinding = (
    text: string,
    point: RailPoint,
    { start, end, category, score, rule }: Match,
  ): Finding => ({
    span: { start, end },
    category,
    score,
    replacement: options.replacementOf(category, text.slice(start, end), point),
    ...(rule === undefined ? {} : { rule }),
  });
  return {
    specificationVersion: 'v1',
    name: options.name,
    points: options.points,
    maxHoldBack: reader.maxHoldBack,
    lookBehind: reader.lookBehind,
    ...(options.feedback === undefined ? {} : { mayReask: true }),
    check({ text, point, isFinal, from = 0 }) {
      const { matches, clearedUntil } = reader.read({ text, isFinal }, from);
      const findings = matches
        .filter(({ category }) => options.actionOf(category) !== undefined)
        .map((match) => toFinding(text, point, match));
      if (findings.length === 0) return { verdict: { action: 'allow' }, clearedUntil };
      const blocking = findings.filter(({ category }) => options.actionOf(category) === 'block');
      const categories = [
        ...new Set((blocking.length > 0 ? blocking : findings).map(({ category }) => category)),
      ];
      const {
        noun = 'what is not allowed',
        reason = `The text holds ${noun}: ${categories.join(', ')}.`,
        feedback,
      } = options;
      if (blocking.length === 0)
        return { verdict: { action: 'redact', reason, findings }, clearedUntil };
      return {
        verdict: {
          action: 'block',
          reason,
          findings,
          ...(feedback === undefined ? {} : { feedback }),
        },
        clearedUntil,
      };
    },
  };
}
