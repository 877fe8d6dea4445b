import type { AnswerCase, ShownPassage } from './answer-case.js';
import { answerOverlap } from './answer-overlap.js';
import { bootstrapInterval } from './bootstrap-interval.js';
import { coverGold } from './internal/gold-passages.js';
import { saysNoAnswer } from './says-no-answer.js';
import { splitAnswer } from './split-answer.js';

/** Tells whether passages support a claim. */
export type ClaimSupport = (options: {
  readonly claim: string;
  readonly evidence: readonly string[];
  readonly abortSignal?: AbortSignal;
}) => boolean | Promise<boolean>;

/** One statement of an answer as it was judged. */
export interface JudgedClaim {
  readonly text: string;
  readonly citations: readonly number[];
  /** Any of the passages that were shown support it. */
  readonly isFaithful: boolean;
  /** Those that it cites support it. */
  readonly isSupported: boolean;
}

/** What was found of one answer. */
export interface AnswerResult {
  readonly id: string;
  /** It says that the documents do not answer. */
  readonly isDeclined: boolean;
  readonly claims: readonly JudgedClaim[];
  /** By metric; those that do not apply to it are absent. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The mean of a metric. */
export interface MetricSummary {
  readonly mean: number;
  /** Holds the true mean in 95 of 100 cases. */
  readonly interval: readonly [low: number, high: number];
  /** Answers, or of the abstention metrics questions, that it was taken over. */
  readonly count: number;
}

/** How good answers are. */
export interface AnswerEvaluation {
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  readonly results: readonly AnswerResult[];
}

/**
 * Measures answers against the passages that they were given, those that they cite, reference answers and gold passages.
 *
 * - `faithfulness`: share of an answer's claims that any passage shown to the model supports.
 * - `citationRecall`: share of its claims that the passages they cite support.
 * - `citationPrecision`: share of its citations that are needed: a citation is not where its claim is not supported, or
 *   where it does not support the claim alone and the others do without it.
 * - `citedClaims`: share of its claims that cite anything.
 * - `f1`, `exactMatch`, `rougeL`, `holdsReference`: against the references; an answer that declines has 0.
 * - `shownGold`, `goldRecall`, `goldPrecision`: gold passages among those shown and cited.
 * - `abstentionPrecision`, `abstentionRecall`: of saying that there is no answer, where some questions have none;
 *   `evidencePrecision`, `evidenceRecall`: the same of the retriever's own signal.
 *
 * Answers that decline make no claims. Each metric is the mean over the answers it applies to.
 *
 * @see Gao et al., "Enabling Large Language Models to Generate Text with Citations" (2023), section 4 — citation recall
 * and precision, with `supports` in the place of the entailment model.
 */
export async function evaluateAnswers(options: {
  readonly cases: readonly AnswerCase[];
  readonly supports: ClaimSupport;
  /** Default: {@link saysNoAnswer}. */
  readonly isDeclined?: (answer: AnswerCase) => boolean;
  readonly seed?: number;
  readonly onProgress?: (progress: { done: number; total: number }) => void;
  readonly abortSignal?: AbortSignal;
}): Promise<AnswerEvaluation> {
  const { cases, isDeclined = ({ answer }) => saysNoAnswer(answer), seed = 1 } = options;
  const results: AnswerResult[] = [];
  for (const one of cases) {
    options.abortSignal?.throwIfAborted();
    results.push(await evaluateOne(one, isDeclined(one), options));
    options.onProgress?.({ done: results.length, total: cases.length });
  }
  const values = new Map<string, number[]>();
  const add = (name: string, value: number): void => {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  };
  for (const { metrics } of results)
    for (const [name, value] of Object.entries(metrics)) add(name, value);
  if (cases.some(({ question }) => !question.isAnswerable)) {
    for (const [n, { question, hasEvidence }] of cases.entries()) {
      const isRight = !question.isAnswerable;
      const isSilent = results[n]?.isDeclined === true;
      if (isSilent) add('abstentionPrecision', isRight ? 1 : 0);
      if (isRight) add('abstentionRecall', isSilent ? 1 : 0);
      if (hasEvidence === undefined) continue;
      if (!hasEvidence) add('evidencePrecision', isRight ? 1 : 0);
      if (isRight) add('evidenceRecall', hasEvidence ? 0 : 1);
    }
  }
  const metrics = Object.fromEntries(
    [...values].map(([name, list]): [string, MetricSummary] => [
      name,
      {
        mean: list.reduce((sum, value) => sum + value, 0) / list.length,
        interval: bootstrapInterval(list, { seed }),
        count: list.length,
      },
    ]),
  );
  return { metrics, results };
}

async function evaluateOne(
  { question, answer, passages }: AnswerCase,
  isDeclined: boolean,
  options: { supports: ClaimSupport; abortSignal?: AbortSignal },
): Promise<AnswerResult> {
  const metrics: Record<string, number> = {};
  const parts = isDeclined ? [] : splitAnswer(answer);
  if (question.isAnswerable && question.references.length > 0) {
    const words = isDeclined ? '' : parts.map(({ text }) => text).join(' ');
    Object.assign(metrics, answerOverlap(words, question.references));
  }
  const byNumber = new Map<number, ShownPassage>();
  for (const passage of passages)
    if (passage.index !== undefined) byNumber.set(passage.index, passage);
  const cited = [...new Set(parts.flatMap(({ citations }) => citations))].flatMap(
    (number) => byNumber.get(number) ?? [],
  );
  if (question.gold.length > 0)
    Object.assign(metrics, coverGold({ gold: question.gold, shown: passages, cited }));
  const claims: JudgedClaim[] = [];
  let needed = 0;
  let citations = 0;
  for (const { text, citations: numbers } of parts) {
    const supports = supportOf(text, options);
    const own = numbers.map((number) => byNumber.get(number));
    const isSupported = await supports(own);
    const isFaithful = isSupported || (await supports(passages));
    citations += own.length;
    if (isSupported) {
      for (const [n, passage] of own.entries())
        if (passage !== undefined && (own.length === 1 || (await isNeeded(own, n, supports))))
          needed += 1;
    }
    claims.push({ text, citations: numbers, isFaithful, isSupported });
  }
  if (claims.length > 0) {
    const shareOf = (holds: (claim: JudgedClaim) => boolean): number =>
      claims.filter(holds).length / claims.length;
    metrics['faithfulness'] = shareOf(({ isFaithful }) => isFaithful);
    metrics['citationRecall'] = shareOf(({ isSupported }) => isSupported);
    if (citations > 0) metrics['citationPrecision'] = needed / citations;
    metrics['citedClaims'] = shareOf((claim) => claim.citations.length > 0);
  }
  return { id: question.id, isDeclined, claims, metrics };
}

type Supports = (passages: readonly (ShownPassage | undefined)[]) => Promise<boolean>;

/** Asks about each set of passages once. */
function supportOf(
  claim: string,
  options: { supports: ClaimSupport; abortSignal?: AbortSignal },
): Supports {
  const known = new Map<string, boolean>();
  return async (passages) => {
    const evidence = passages.flatMap((passage) => (passage === undefined ? [] : [passage]));
    if (evidence.length === 0) return false;
    const key = JSON.stringify(evidence.map(({ id }) => id).sort());
    const before = known.get(key);
    if (before !== undefined) return before;
    const isSupported = await options.supports({
      claim,
      evidence: evidence.map(({ text }) => text),
      ...(options.abortSignal === undefined ? {} : { abortSignal: options.abortSignal }),
    });
    known.set(key, isSupported);
    return isSupported;
  };
}

async function isNeeded(
  own: readonly (ShownPassage | undefined)[],
  place: number,
  supports: Supports,
): Promise<boolean> {
  if (await supports([own[place]])) return true;
  return !(await supports(own.filter((_, n) => n !== place)));
}
