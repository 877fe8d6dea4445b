import { TraceError } from '../../errors.js';
import {
  add,
  detach,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  sigmoid,
  sub,
} from '../../tensor/elementwise.js';
import { reshape, slice, sum, sumAll } from '../../tensor/layout.js';
import type { Tensor, Trace } from '../../tensor/trace.js';
import { minusLogSigmoid } from './minus-log-sigmoid.js';
import {
  isEncoderObjective,
  traceEncoderObjective,
  type EncoderObjective,
} from './encoder-objectives.js';

/** What a run makes small. */
export type Objective = TokenObjective | EncoderObjective;

/** Of the probabilities of tokens. */
type TokenObjective =
  | { readonly kind: 'crossEntropy' }
  | { readonly kind: 'directPreference' | 'oddsRatio' | 'kahnemanTversky'; readonly beta: number };

/** The rows that an objective sees. */
interface Rows {
  readonly rows: number;
  readonly length: number;
}

/** The loss of a batch and, for preferences, what each row is rewarded with. */
export interface TracedObjective {
  readonly loss: Tensor;
  /** [rows]. */
  readonly rewards?: Tensor;
}

/**
 * Traces an objective over what a model gives: log-probabilities of tokens [rows · length], or for encoders one tensor for
 * each group of texts.
 *
 * Feed of all: `share` [], 1 / what the loss is a mean over.
 */
export function traceObjective(
  trace: Trace,
  outputs: readonly Tensor[],
  { objective, ...rows }: Rows & { readonly objective: Objective },
): TracedObjective {
  const share = trace.feed('share', { dtype: 'float32', shape: [] });
  if (isEncoderObjective(objective))
    return { loss: mul(traceEncoderObjective(trace, outputs, objective), share) };
  const [scores] = outputs;
  if (scores === undefined)
    throw new TraceError({ operation: 'loss', problem: 'nothing is scored' });
  switch (objective.kind) {
    case 'crossEntropy': {
      const weights = trace.feed('weights', { dtype: 'float32', shape: [rows.rows, rows.length] });
      return { loss: neg(mul(sumAll(mul(scores, reshape(weights, [-1]))), share)) };
    }
    case 'directPreference':
      return directPreference(trace, scores, { ...rows, share, beta: objective.beta });
    case 'oddsRatio':
      return oddsRatio(trace, scores, { ...rows, share, beta: objective.beta });
    case 'kahnemanTversky':
      return kahnemanTversky(trace, scores, { ...rows, share, beta: objective.beta });
  }
}

interface PreferenceRows extends Rows {
  readonly share: Tensor;
  readonly beta: number;
}

/** Σ weight · log p of each row, [rows]. Feed: `weights` [rows, length]. */
export function rowScores(trace: Trace, scores: Tensor, { rows, length }: Rows): Tensor {
  const weights = trace.feed('weights', { dtype: 'float32', shape: [rows, length] });
  return reshape(sum(mul(reshape(scores, [rows, length]), weights), [1]), [rows]);
}

/**
 * DPO over pairs whose chosen rows come first, then the rejected: −mean log σ(β (Δpolicy − Δreference)).
 *
 * Feed: `reference` [rows], log-probabilities under the initial weights.
 *
 * @see https://arxiv.org/abs/2305.18290, equation 7.
 */
function directPreference(trace: Trace, scores: Tensor, options: PreferenceRows): TracedObjective {
  const { rows, share, beta } = options;
  const reference = trace.feed('reference', { dtype: 'float32', shape: [rows] });
  const rewards = mul(sub(rowScores(trace, scores, options), reference), beta);
  const pairs = rows / 2;
  const margin = sub(slice(rewards, 0, 0, pairs), slice(rewards, 0, pairs, pairs));
  return { loss: mul(sumAll(minusLogSigmoid(margin)), share), rewards };
}

/**
 * ORPO over pairs whose chosen rows come first: cross-entropy of the chosen − β mean log σ(log odds ratio), where the odds
 * are those of a row's average log-probability.
 *
 * Feeds: `likelihoods` [rows, length], pairs / tokens where the cross-entropy counts; `lengths` [rows], 1 / scored tokens.
 *
 * @see https://arxiv.org/abs/2403.07691, equations 6 and 7.
 */
function oddsRatio(trace: Trace, scores: Tensor, options: PreferenceRows): TracedObjective {
  const { rows, length, share, beta } = options;
  const inverse = trace.feed('lengths', { dtype: 'float32', shape: [rows] });
  const weights = trace.feed('likelihoods', { dtype: 'float32', shape: [rows, length] });
  // An average of 0 would have infinite odds.
  const average = minimum(mul(rowScores(trace, scores, options), inverse), -1e-6);
  const odds = sub(average, logOneMinusExp(average));
  const pairs = rows / 2;
  const ratio = sub(slice(odds, 0, 0, pairs), slice(odds, 0, pairs, pairs));
  const preference = mul(sumAll(minusLogSigmoid(ratio)), beta);
  const likelihood = sumAll(mul(scores, reshape(weights, [-1])));
  return { loss: mul(sub(preference, likelihood), share), rewards: mul(average, beta) };
}

/**
 * KTO over single answers: mean weight · (1 − σ(±(reward − β · divergence))), + for wanted answers.
 *
 * Feeds: `reference` [rows]; `directions` [rows], 1 or −1; `importance` [rows]; `divergence` [], the estimate from mismatched
 * answers, through which no gradient flows.
 *
 * @see https://arxiv.org/abs/2402.01306, equation 8.
 */
function kahnemanTversky(trace: Trace, scores: Tensor, options: PreferenceRows): TracedObjective {
  const { rows, share, beta } = options;
  const vector = (name: string): Tensor => trace.feed(name, { dtype: 'float32', shape: [rows] });
  const divergence = detach(trace.feed('divergence', { dtype: 'float32', shape: [] }));
  const gain = sub(rowScores(trace, scores, options), vector('reference'));
  const value = mul(mul(sub(gain, divergence), beta), vector('directions'));
  const loss = mul(sub(1, sigmoid(value)), vector('importance'));
  return { loss: mul(sumAll(loss), share), rewards: mul(gain, beta) };
}

const SPLIT = -0.5;
const SERIES_TERMS = 9;

/**
 * log(1 − e^x) for x < 0, exact also near 0: beyond a split the series of 1 − e^x stands for the difference.
 *
 * Both sides are taken at their end of the split and added, so that neither is asked where it is not a number.
 */
function logOneMinusExp(x: Tensor): Tensor {
  const far = log(sub(1, exp(minimum(x, SPLIT))));
  const near = maximum(x, SPLIT);
  let series = add(mul(near, 1 / SERIES_TERMS), 1);
  for (let term = SERIES_TERMS - 1; term >= 2; term--)
    series = add(mul(mul(near, series), 1 / term), 1);
  return sub(add(far, log(mul(neg(near), series))), Math.log(-Math.expm1(SPLIT)));
}
