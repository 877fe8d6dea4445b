import type { QueryLeg, QueryPlan } from './query-legs.js';
import { createTopSlots } from './top-slots.js';

/** Where there are fewer entries than this, skipping lists saves nothing. */
const PRUNE_FROM = 300_000;

/** The best slots of a plan, and how all scores are spread. */
export interface RankedSlots {
  readonly best: readonly { readonly slot: number; readonly score: number }[];
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Returns the best slots of a plan: exact, though where lists are long those of frequent words are read only for texts
 * that the rarer words have brought within reach.
 *
 * Mean and deviation come out of the additions themselves. Where lists were passed over, their variances are added as if
 * they were independent: the variance is off by at most 2 σ(read) σ(rest), with σ(rest) the sum of theirs.
 *
 * @see Turtle & Flood, "Query evaluation: strategies and optimizations" (1995) — term at a time.
 */
export function rankSlots(options: {
  plan: QueryPlan;
  scores: Float32Array;
  size: number;
  topK: number;
  accept?: ((slot: number) => boolean) | undefined;
}): RankedSlots {
  const { plan, scores, size, topK, accept } = options;
  const { legs, musts, nots } = plan;
  const entries = legs.reduce((sum, { length }) => sum + length, 0);
  const isRestricted = musts.length > 0 || nots.length > 0;
  if (accept === undefined && !isRestricted && entries > PRUNE_FROM)
    return rankPruned({ legs, scores, size, topK });
  scores.fill(0);
  let squares = 0;
  for (const leg of legs) squares += addLeg(leg, scores);
  let sum = legs.reduce((total, leg) => total + leg.weight * leg.sum, 0);
  if (isRestricted) {
    restrict(plan, scores);
    sum = 0;
    squares = 0;
    for (let slot = 0; slot < scores.length; slot += 1) {
      const score = scores[slot] ?? 0;
      sum += score;
      squares += score * score;
    }
  }
  return { best: bestOf(scores, topK, accept), ...spreadOf({ sum, squares, size }) };
}

/** Sets to 0 what may not be a result. */
function restrict({ musts, nots }: QueryPlan, scores: Float32Array): void {
  if (musts.length > 0) {
    const held = new Uint8Array(scores.length);
    for (const [place, group] of musts.entries()) {
      for (const { slots } of group) {
        for (const slot of slots) if (held[slot] === place) held[slot] = place + 1;
      }
    }
    for (let slot = 0; slot < scores.length; slot += 1)
      if (held[slot] !== musts.length) scores[slot] = 0;
  }
  for (const { slots } of nots) for (const slot of slots) scores[slot] = 0;
}

function bestOf(
  scores: Float32Array,
  topK: number,
  accept: ((slot: number) => boolean) | undefined,
) {
  if (topK <= 0) return [];
  const top = createTopSlots(topK);
  let floor = 0;
  for (let slot = 0; slot < scores.length; slot += 1) {
    const score = scores[slot] ?? 0;
    if (score > floor && accept?.(slot) !== false) floor = top.offer(slot, score);
  }
  return top.take();
}

function spreadOf({ sum, squares, size }: { sum: number; squares: number; size: number }) {
  const mean = sum / Math.max(1, size);
  const variance = squares / Math.max(1, size) - mean * mean;
  return { mean, deviation: Math.sqrt(Math.max(0, variance)) };
}

function rankPruned(options: {
  legs: readonly QueryLeg[];
  scores: Float32Array;
  size: number;
  topK: number;
}): RankedSlots {
  const { scores, size, topK } = options;
  const legs = options.legs.toSorted((a, b) => b.weight * b.largest - a.weight * a.largest);
  const reach = legs.map((_, from) =>
    legs.slice(from).reduce((sum, { weight, largest }) => sum + weight * largest, 0),
  );
  scores.fill(0);
  let read = 0;
  let threshold = 0;
  let sum = 0;
  let squares = 0;
  while (read < legs.length && (reach[read] ?? 0) >= threshold) {
    const leg = legs[read];
    if (leg === undefined) break;
    squares += addLeg(leg, scores);
    sum += leg.weight * leg.sum;
    read += 1;

    threshold = thresholdOf(scores, topK);
  }
  const rest = legs.slice(read);
  const missing = reach[read] ?? 0;
  const top = createTopSlots(topK);
  let floor = threshold;
  for (let slot = 0; slot < scores.length; slot += 1) {
    const known = scores[slot] ?? 0;
    if (known === 0 || known + missing < floor) continue;
    let score = known;
    for (const leg of rest) score += leg.weight * valueAt(leg, slot);
    if (score > top.floor) floor = Math.max(threshold, top.offer(slot, score));
  }
  let { mean, deviation } = spreadOf({ sum, squares, size });
  let variance = deviation * deviation;
  for (const leg of rest) {
    const alone = spreadOf({ ...leg, size });
    mean += leg.weight * alone.mean;
    variance += (leg.weight * alone.deviation) ** 2;
  }
  deviation = Math.sqrt(variance);
  return { best: top.take(), mean, deviation };
}

/** Adds a leg to the scores and returns what that adds to the sum of their squares. */
function addLeg({ slots, values, weight }: QueryLeg, scores: Float32Array): number {
  let squares = 0;
  for (let n = 0; n < slots.length; n += 1) {
    const slot = slots[n] ?? 0;
    const before = scores[slot] ?? 0;
    const after = Math.fround(before + weight * (values[n] ?? 0));
    scores[slot] = after;
    squares += after * after - before * before;
  }
  return squares;
}

function thresholdOf(scores: Float32Array, topK: number): number {
  const top = createTopSlots(topK);
  let floor = 0;
  for (let slot = 0; slot < scores.length; slot += 1) {
    const score = scores[slot] ?? 0;
    if (score > floor) floor = top.offer(slot, score);
  }
  return floor;
}

function valueAt({ slots, values }: QueryLeg, slot: number): number {
  let low = 0;
  let high = slots.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = slots[middle] ?? 0;
    if (found === slot) return values[middle] ?? 0;
    if (found < slot) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}
