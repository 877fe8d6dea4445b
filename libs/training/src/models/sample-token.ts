import type { Random } from '@espalier/core';

/** How the next token is chosen. */
export interface SamplingOptions {
  /** Divides the scores; 0 takes the likeliest token always. Default 0. */
  readonly temperature?: number;
  /** Keeps the so many likeliest tokens. Default: all. */
  readonly topK?: number;
  /** Keeps the likeliest tokens that have this share together. From 0 to 1, default 1. */
  readonly topP?: number;
  /** Keeps tokens at least so likely as this share of the likeliest. From 0 to 1, default 0. */
  readonly minP?: number;
  /** Above 1 makes tokens of the prompt and the text less likely, by scaling their scores. Default 1. */
  readonly repetitionPenalty?: number;
  /** Taken from a token's score for each time that it was generated. Default 0. */
  readonly frequencyPenalty?: number;
  /** Taken once from the score of each token that was generated. Default 0. */
  readonly presencePenalty?: number;
}

/** What has been read and generated. */
export interface TokenHistory {
  readonly prompt: readonly number[];
  readonly generated: readonly number[];
}

/**
 * The probabilities that a token is drawn from: penalties, then temperature, top-k, top-p and min-p, as in transformers.
 *
 * Shapes: [vocabulary] → [vocabulary], with sum 1.
 */
export function samplingProbabilities(
  logits: Float32Array,
  options: SamplingOptions,
  history: TokenHistory,
): Float64Array {
  const scores = penalised(logits, options, history);
  const { temperature = 0, topK, topP = 1, minP = 0 } = options;
  if (temperature === 0) {
    const sure = new Float64Array(scores.length);
    sure[indexOfLargest(scores)] = 1;
    return sure;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) / temperature;
  let probabilities = normalised(scores);
  if ((topK !== undefined && topK < scores.length) || topP < 1) {
    const order = Array.from(probabilities.keys()).sort(
      (a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0),
    );
    keepOnly(probabilities, order.slice(0, Math.max(1, topK ?? order.length)));
    probabilities = rescaled(probabilities);
    let [kept, share] = [0, 0];
    while (kept < order.length && (kept === 0 || share < topP)) {
      share += probabilities[order[kept] ?? 0] ?? 0;
      kept++;
    }
    keepOnly(probabilities, order.slice(0, kept));
    probabilities = rescaled(probabilities);
  }
  if (minP > 0) {
    const least = minP * (probabilities[indexOfLargest(probabilities)] ?? 0);
    probabilities = rescaled(probabilities.map((value) => (value < least ? 0 : value)));
  }
  return probabilities;
}

/** A token and how likely the model itself finds it, before any sampling option. */
export interface TokenLikelihood {
  readonly id: number;
  /** Natural logarithm of its probability. */
  readonly logProbability: number;
}

/** Draws a token, and tells the logarithm of the probability that the model itself gives it. */
export function sampleToken(
  logits: Float32Array,
  options: SamplingOptions,
  history: TokenHistory,
  random: Random,
): TokenLikelihood {
  const probabilities = samplingProbabilities(logits, options, history);
  let id = indexOfLargest(probabilities);
  if ((options.temperature ?? 0) > 0) {
    let rest = random.next();
    for (let i = 0; i < probabilities.length; i++) {
      const share = probabilities[i] ?? 0;
      if (share === 0) continue;
      id = i;
      rest -= share;
      if (rest < 0) break;
    }
  }
  return { id, logProbability: (logits[id] ?? 0) - logOfSum(logits) };
}

/** The `count` likeliest tokens, the likeliest first; among equals the one with the smaller id. */
export function likeliestTokens(logits: Float32Array, count: number): TokenLikelihood[] {
  if (count <= 0) return [];
  const best: number[] = [];
  for (let id = 0; id < logits.length; id++) {
    const score = logits[id] ?? 0;
    if (best.length === count && score <= (logits[best[count - 1] ?? 0] ?? 0)) continue;
    let at = best.length;
    while (at > 0 && score > (logits[best[at - 1] ?? 0] ?? 0)) at--;
    best.splice(at, 0, id);
    best.length = Math.min(best.length, count);
  }
  const total = logOfSum(logits);
  return best.map((id) => ({ id, logProbability: (logits[id] ?? 0) - total }));
}

function penalised(
  logits: Float32Array,
  options: SamplingOptions,
  { prompt, generated }: TokenHistory,
): Float64Array {
  const scores = Float64Array.from(logits);
  const { repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0 } = options;
  if (repetitionPenalty !== 1)
    for (const id of new Set([...prompt, ...generated])) {
      const score = scores[id] ?? 0;
      scores[id] = score < 0 ? score * repetitionPenalty : score / repetitionPenalty;
    }
  if (frequencyPenalty !== 0)
    for (const id of generated) scores[id] = (scores[id] ?? 0) - frequencyPenalty;
  if (presencePenalty !== 0)
    for (const id of new Set(generated)) scores[id] = (scores[id] ?? 0) - presencePenalty;
  return scores;
}

function normalised(scores: Float64Array): Float64Array {
  const top = scores[indexOfLargest(scores)] ?? 0;
  return rescaled(scores.map((score) => Math.exp(score - top)));
}

function rescaled(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function keepOnly(probabilities: Float64Array, ids: readonly number[]): void {
  const kept = new Set(ids);
  for (let i = 0; i < probabilities.length; i++) if (!kept.has(i)) probabilities[i] = 0;
}

/** log Σ exp(logits). */
function logOfSum(logits: Float32Array): number {
  const top = logits[indexOfLargest(logits)] ?? 0;
  let sum = 0;
  for (const score of logits) sum += Math.exp(score - top);
  return top + Math.log(sum);
}

function indexOfLargest(values: Float32Array | Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}
