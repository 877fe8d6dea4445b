import type { Span } from '@espalier/core';
import { claimFeatures, prepareEvidence } from './claim-features.js';
import { GROUNDEDNESS_WEIGHTS } from './groundedness-weights.js';
import { questionDistance } from './question-distance.js';
import { isQuestion, separateQuestion, unmarked } from './separate-question.js';
import { splitClaims } from './split-claims.js';

/** One sentence of an answer. */
export interface ScoredClaim {
  readonly text: string;
  readonly span: Span;
  /** The probability that the evidence does not support it, in [0, 1]. */
  readonly score: number;
}

/** How well an answer rests on its evidence. */
export interface Groundedness {
  /** The probability that something in it is not supported, in [0, 1]; that of its worst claim. */
  readonly score: number;
  readonly claims: readonly ScoredClaim[];
}

const MAX_EVIDENCE = 200_000;
const MAX_CLAIMS = 200;

/**
 * Judges each sentence of an answer by how much of it stands in the evidence: rare words, names, numbers, negation, runs
 * of words and their order, weighed by a small trained model. Offline, in well under a millisecond for a paragraph.
 *
 * A question before the answer, or at the end of the evidence, is neither a claim nor evidence; a short answer must stand
 * where the passages speak of what it asks.
 *
 * The first 200,000 characters of the evidence and the first 200 sentences count.
 */
export function scoreGroundedness(answer: string, passages: readonly string[]): Groundedness {
  const { question, ...rest } = separateQuestion(
    splitClaims(answer).slice(0, MAX_CLAIMS),
    bounded(passages),
  );
  const evidence = prepareEvidence(rest.passages);
  const claims = rest.claims.map((claim, at) => {
    const text = unmarked(claim.text);
    // What follows the first sentence tells more than was asked.
    const added = question === undefined || at > 0 ? 0 : questionDistance(question, text, evidence);
    return { ...claim, score: scoreOf(claimFeatures(text, evidence), added) };
  });
  return { score: Math.max(0, ...claims.map(({ score }) => score)), claims };
}

/** Makes what scores single claims against the first 200,000 characters of the evidence; a question claims nothing. */
export function createClaimScorer(passages: readonly string[]): (claim: string) => number {
  const evidence = prepareEvidence(bounded(passages));
  return (claim) => (isQuestion(claim) ? 0 : scoreOf(claimFeatures(claim, evidence)));
}

/** The model's probability for the features of one claim, with `added` to its log-odds. */
function scoreOf(features: readonly number[], added = 0): number {
  const { bias, weights } = GROUNDEDNESS_WEIGHTS;
  let sum = bias + added;
  for (const [at, weight] of weights.entries()) sum += weight * (features[at] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

function bounded(passages: readonly string[]): readonly string[] {
  let left = MAX_EVIDENCE;
  return passages.map((passage) => {
    const part = passage.slice(0, left);
    left -= part.length;
    return part;
  });
}
