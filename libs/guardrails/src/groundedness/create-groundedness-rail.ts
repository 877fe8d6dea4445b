import { truncateValue, type LanguageModel, type Rail } from '@espalier/core';
import {
  createValidationRail,
  type ValidationRailOptions,
} from '../validation/create-validation-rail.js';
import { judgeGroundedness } from './judge-groundedness.js';
import { scoreGroundedness } from './score-groundedness.js';

/** What `createGroundednessRail` takes. */
export interface GroundednessRailOptions extends ValidationRailOptions {
  /** A claim with this score or more is not supported. Default .8. */
  readonly threshold?: number;
  /** A model that judges what the offline check finds doubtful; absent: the offline check decides alone. */
  readonly judge?: LanguageModel;
}

/**
 * Makes a rail that holds an answer against the passages it was given; answers without evidence pass. `fix` leaves the
 * sentences out that are not supported.
 */
export function createGroundednessRail(options: GroundednessRailOptions = {}): Rail {
  const { threshold = 0.8, judge } = options;
  return createValidationRail({
    name: options.name ?? 'groundedness',
    points: options.points ?? ['output'],
    onFailure: options.onFailure ?? 'reask',
    async validate({ text, evidence = [], abortSignal }) {
      if (evidence.length === 0) return undefined;
      let { claims } = scoreGroundedness(text, evidence);
      if (judge !== undefined) {
        claims = await judgeGroundedness({
          model: judge,
          claims,
          evidence,
          ...(abortSignal === undefined ? {} : { abortSignal }),
        });
      }
      const bad = claims.filter(({ score }) => score >= threshold);
      const [first] = bad;
      if (first === undefined) return undefined;
      let fixed = '';
      let from = 0;
      for (const { span } of bad) {
        fixed += text.slice(from, span.start);
        from = span.end;
      }
      fixed = (fixed + text.slice(from)).trim();
      return {
        category: 'groundedness',
        rule: 'unsupported-claim',
        score: first.score,
        span: first.span,
        reason: `The passages do not support ${bad.length === 1 ? 'a sentence' : `${bad.length} sentences`} of the answer, beginning with ${truncateValue(first.text, 120)}.`,
        ...(fixed === '' ? {} : { fixed }),
      };
    },
  });
}
