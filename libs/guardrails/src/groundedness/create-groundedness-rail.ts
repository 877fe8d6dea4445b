import { InvalidArgumentError, truncateValue, type LanguageModel, type Rail } from '@espalier/core';
import {
  createValidationRail,
  invalidVerdict,
  type ValidationRailOptions,
} from '../validation/create-validation-rail.js';
import { judgeGroundedness } from './judge-groundedness.js';
import { createClaimScorer, scoreGroundedness } from './score-groundedness.js';
import { splitGrowingClaims } from './split-claims.js';

/** What `createGroundednessRail` takes. */
export interface GroundednessRailOptions extends ValidationRailOptions {
  /** A claim with this score or more is not supported. Default .8. */
  readonly threshold?: number;
  /** A model that judges what the offline check finds doubtful; absent: the offline check decides alone. */
  readonly judge?: LanguageModel;
  /**
   * How much of a stream is held back: all of the answer, so that it can be asked for anew or put right as a whole, or
   * the sentence that it is at. With `sentence` the answer ends before the first sentence that is not supported. Default
   * `answer`.
   */
  readonly holds?: 'answer' | 'sentence';
}

/**
 * Makes a rail that holds an answer against the passages it was given; answers without evidence pass. `fix` leaves the
 * sentences out that are not supported.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `holds: 'sentence'` with a judge or with `fix`, which need the
 * whole answer.
 */
export function createGroundednessRail(options: GroundednessRailOptions = {}): Rail {
  const { threshold = 0.8, judge, holds = 'answer' } = options;
  if (holds === 'sentence') return createSentenceRail(options, threshold);
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
        reason: reasonOf(first.text, bad.length),
        ...(fixed === '' ? {} : { fixed }),
      };
    },
  });
}

function reasonOf(first: string, count: number): string {
  return `The passages do not support ${count === 1 ? 'a sentence' : `${count} sentences`} of the answer, beginning with ${truncateValue(first, 120)}.`;
}

/** Judges each sentence once it is over. */
function createSentenceRail(options: GroundednessRailOptions, threshold: number): Rail {
  const { onFailure = 'reask', judge } = options;
  if (onFailure === 'fix' || judge !== undefined) {
    throw new InvalidArgumentError({
      argument: 'holds',
      value: 'sentence',
      expected: '"answer" where a judge or "fix" needs the whole of it',
    });
  }
  /** Evidence is the same for all looks at one answer. */
  const scorers = new WeakMap<readonly string[], (claim: string) => number>();
  const scorerOf = (evidence: readonly string[]): ((claim: string) => number) => {
    const scorer = scorers.get(evidence) ?? createClaimScorer(evidence);
    scorers.set(evidence, scorer);
    return scorer;
  };
  return {
    specificationVersion: 'v1',
    name: options.name ?? 'groundedness',
    points: options.points ?? ['output'],
    maxHoldBack: Number.POSITIVE_INFINITY,
    clearsEarly: true,
    lookBehind: 0,
    ...(onFailure === 'reask' ? { mayReask: true } : {}),
    check({ text, evidence = [], isFinal }) {
      if (evidence.length === 0) return { verdict: { action: 'allow' }, clearedUntil: text.length };
      const { claims, end } = splitGrowingClaims(text, { isFinal });
      for (const claim of claims) {
        const score = scorerOf(evidence)(claim.text);
        if (score < threshold) continue;
        const verdict = invalidVerdict(
          {
            category: 'groundedness',
            rule: 'unsupported-claim',
            score,
            span: claim.span,
            reason: reasonOf(claim.text, 1),
          },
          text,
          onFailure,
        );
        return { verdict, clearedUntil: isFinal ? text.length : claim.span.start };
      }
      return { verdict: { action: 'allow' }, clearedUntil: isFinal ? text.length : end };
    },
  };
}
