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

/** Adds up all legs of a plan into `scores`, one for each slot; what may not be a result is 0. */
function accumulate(plan: QueryPlan, scores: Float32Array): void {
  scores.fill(0);
  for (const leg of plan.legs) addLeg(leg, scores);
  if (plan.musts.length > 0) {
    const held = new Uint8Array(scores.length);
    for (const [place, group] of plan.musts.entries()) {
      for (const { slots, length } of group) {
        for (let n = 0; n < length; n += 1) {
          const slot = slots[n] ?? 0;
          if (held[slot] === place) held[slot] = place + 1;
        }
      }
    }
    for (let slot = 0; slot < scores.length; slot += 1)
      if (held[slot] !== plan.musts.length) scores[slot] = 0;
  }
  for (const { slots, length } of plan.nots)
    for (let n = 0; n < length; n += 1) scores[slots[n] ?? 0] = 0;
}

/**
 * Returns the best slots of a plan: exact, though where lists are long those of frequent words are read only for texts
 * that the rarer words have brought within reach.
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
  const entries = plan.legs.reduce((sum, { length }) => sum + length, 0);
  const mayPrune = accept === undefined && plan.musts.length === 0 && plan.nots.length === 0;
  if (mayPrune && entries > PRUNE_FROM) return rankPruned({ plan, scores, size, topK });
  accumulate(plan, scores);
  const top = createTopSlots(topK);
  let floor = 0;
  let sum = 0;
  let squares = 0;
  for (let slot = 0; slot < scores.length; slot += 1) {
    const score = scores[slot] ?? 0;
    if (score === 0) continue;
    sum += score;
    squares += score * score;
    if (score <= floor || accept?.(slot) === false) continue;
    top.offer(slot, score);
    floor = top.floor;
  }
  const mean = sum / Math.max(1, size);
  const variance = squares / Math.max(1, size) - mean * mean;
  return { best: top.take(), mean, deviation: Math.sqrt(Math.max(0, variance)) };
}

function rankPruned(options: {
  plan: QueryPlan;
  scores: Float32Array;
  size: number;
  topK: number;
}): RankedSlots {
  const { scores, size, topK } = options;
  const legs = options.plan.legs.toSorted((a, b) => b.weight * b.largest - a.weight * a.largest);
  const reach = legs.map((_, from) =>
    legs.slice(from).reduce((sum, { weight, largest }) => sum + weight * largest, 0),
  );
  scores.fill(0);
  let read = 0;
  let threshold = 0;
  while (read < legs.length && (reach[read] ?? 0) >= threshold) {
    const leg = legs[read];
    if (leg !== undefined) addLeg(leg, scores);
    read += 1;
    threshold = thresholdOf(scores, topK);
  }
  const rest = legs.slice(read);
  const missing = reach[read] ?? 0;
  const top = createTopSlots(topK);
  for (let slot = 0; slot < scores.length; slot += 1) {
    const known = scores[slot] ?? 0;
    if (known === 0 || known + missing < Math.max(threshold, top.floor)) continue;
    let score = known;
    for (const leg of rest) score += leg.weight * valueAt(leg, slot);
    if (score > top.floor) top.offer(slot, score);
  }
  return { best: top.take(), ...independentSpread(legs, size) };
}

function addLeg({ slots, values, length, weight }: QueryLeg, scores: Float32Array): void {
  for (let n = 0; n < length; n += 1) {
    const slot = slots[n] ?? 0;
    scores[slot] = (scores[slot] ?? 0) + weight * (values[n] ?? 0);
  }
}

function thresholdOf(scores: Float32Array, topK: number): number {
  const top = createTopSlots(topK);
  let floor = 0;
  for (let slot = 0; slot < scores.length; slot += 1) {
    const score = scores[slot] ?? 0;
    if (score <= floor) continue;
    top.offer(slot, score);
    floor = top.floor;
  }
  return floor;
}

function valueAt({ slots, values, length }: QueryLeg, slot: number): number {
  let low = 0;
  let high = length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = slots[middle] ?? 0;
    if (found === slot) return values[middle] ?? 0;
    if (found < slot) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

function independentSpread(legs: readonly QueryLeg[], size: number) {
  let mean = 0;
  let variance = 0;
  for (const { values, length, weight } of legs) {
    let sum = 0;
    let squares = 0;
    for (let n = 0; n < length; n += 1) {
      const value = values[n] ?? 0;
      sum += value;
      squares += value * value;
    }
    const average = sum / Math.max(1, size);
    mean += weight * average;
    variance += weight * weight * (squares / Math.max(1, size) - average * average);
  }
  return { mean, deviation: Math.sqrt(Math.max(0, variance)) };
}
