import { InvalidArgumentError } from '@espalier/core';
import { bootstrapInterval } from './bootstrap-interval.js';
import type { RunEvaluation } from './evaluate-run.js';
import { createRandom } from './internal/create-random.js';

/** How one metric of two runs differs. */
export interface RunComparison {
  readonly metric: string;
  readonly first: number;
  readonly second: number;
  /** `second − first`. */
  readonly difference: number;
  /** Queries that both runs were judged on. */
  readonly queries: number;
  readonly better: number;
  readonly worse: number;
  /** How often chance alone gives a difference this large, either way. */
  readonly pValue: number;
  /** Holds the true difference in 95 of 100 cases. */
  readonly interval: readonly [low: number, high: number];
}

const DEFAULT_ROUNDS = 10_000;
/** Differences of sums that rounding alone can make. */
const TOLERANCE = 1e-12;

/**
 * Compares two evaluations query by query: a paired randomisation test for each metric, and a bootstrap interval.
 *
 * Seeded: the same evaluations give the same figures.
 *
 * @see Smucker, Allan & Carterette, "A comparison of statistical significance tests for information retrieval evaluation" (2007).
 */
export function compareRuns(options: {
  first: RunEvaluation;
  second: RunEvaluation;
  /** Default: all metrics that both have. */
  metrics?: readonly string[];
  /** Random assignments that are tried. Default 10,000. */
  rounds?: number;
  seed?: number;
}): RunComparison[] {
  const { first, second, rounds = DEFAULT_ROUNDS, seed = 1 } = options;
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new InvalidArgumentError({
      argument: 'rounds',
      value: rounds,
      expected: 'a whole number from 1',
    });
  }
  const queries = [...first.perQuery.keys()].filter((query) => second.perQuery.has(query));
  const metrics = options.metrics ?? Object.keys(first.means).filter((m) => m in second.means);
  return metrics.map((metric) => {
    const valuesOf = ({ perQuery }: RunEvaluation): number[] =>
      queries.map((query) => perQuery.get(query)?.[metric] ?? 0);
    const before = valuesOf(first);
    const after = valuesOf(second);
    const differences = after.map((value, index) => value - (before[index] ?? 0));
    return {
      metric,
      first: mean(before),
      second: mean(after),
      difference: mean(differences),
      queries: queries.length,
      better: differences.filter((value) => value > TOLERANCE).length,
      worse: differences.filter((value) => value < -TOLERANCE).length,
      pValue: randomizationTest(differences, rounds, createRandom(seed)),
      interval: bootstrapInterval(differences, { rounds, seed: seed + 1 }),
    };
  });
}

function randomizationTest(
  differences: readonly number[],
  rounds: number,
  random: () => number,
): number {
  const observed = Math.abs(sum(differences));
  let asLarge = 0;
  for (let round = 0; round < rounds; round += 1) {
    let total = 0;
    for (const value of differences) total += random() < 0.5 ? value : -value;
    if (Math.abs(total) >= observed - TOLERANCE) asLarge += 1;
  }
  // The observed assignment is one of those possible, so that p is never 0.
  return (asLarge + 1) / (rounds + 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
