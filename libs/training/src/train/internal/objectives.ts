import { abs, add, exp, log, maximum, mul, neg, sub } from '../../tensor/elementwise.js';
import { reshape, slice, sum, sumAll } from '../../tensor/layout.js';
import type { Tensor, Trace } from '../../tensor/trace.js';

/** −Σ weight · log p · share. Feeds: `weights` [rows, length], `share` [] (1 / scored tokens of the step). */
export function crossEntropy(
  trace: Trace,
  scores: Tensor,
  { rows, length }: { rows: number; length: number },
): Tensor {
  const weights = reshape(trace.feed('weights', { dtype: 'float32', shape: [rows, length] }), [-1]);
  const share = trace.feed('share', { dtype: 'float32', shape: [] });
  return neg(mul(sumAll(mul(scores, weights)), share));
}

/** Σ weight · log p of each row, [rows]. Feed: `weights` [rows, length]. */
export function rowScores(
  trace: Trace,
  scores: Tensor,
  { rows, length }: { rows: number; length: number },
): Tensor {
  const weights = trace.feed('weights', { dtype: 'float32', shape: [rows, length] });
  return reshape(sum(mul(reshape(scores, [rows, length]), weights), [1]), [rows]);
}

/**
 * DPO over pairs whose chosen rows come first, then the rejected: −mean log σ(β (Δpolicy − Δreference)).
 *
 * Feeds: `weights`, `reference` [rows] (log-probabilities under the initial weights), `share` [] (1 / pairs of the step).
 *
 * @see https://arxiv.org/abs/2305.18290, equation 7.
 */
export function directPreference(
  trace: Trace,
  scores: Tensor,
  { rows, length, beta }: { rows: number; length: number; beta: number },
): Tensor {
  const share = trace.feed('share', { dtype: 'float32', shape: [] });
  const reference = trace.feed('reference', { dtype: 'float32', shape: [rows] });
  const gain = sub(rowScores(trace, scores, { rows, length }), reference);
  const pairs = rows / 2;
  const margin = mul(sub(slice(gain, 0, 0, pairs), slice(gain, 0, pairs, pairs)), beta);
  // −log σ(z) = max(−z, 0) + log(1 + e^−|z|), which cannot overflow.
  const loss = add(maximum(neg(margin), 0), log(add(exp(neg(abs(margin))), 1)));
  return mul(sumAll(loss), share);
}
