import { createSeededRandom, InvalidArgumentError } from '@espalier/core';
import { compareRuns, type RunComparison } from './compare-runs.js';

/** Weights by the name of their leg. */
export type TunableWeights = Readonly<Record<string, number>>;

/** What {@link tuneWeights} takes. */
export interface TuneWeightsOptions {
  readonly start: TunableWeights;
  /** The legs that are tried. Default: all. */
  readonly legs?: readonly string[];
  /** What each leg's weight is multiplied with. Default 0, 0.5, 1.5 and 2. */
  readonly factors?: readonly number[];
  readonly queries: readonly string[];
  /** How well each query is answered with these weights: a metric from 0 to 1. Called once for the same weights. */
  readonly evaluate: (weights: TunableWeights) => Promise<ReadonlyMap<string, number>>;
  /** The share of queries that nothing is chosen by. Default 0.3. */
  readonly holdout?: number;
  /** Parts of the other queries for the cross-validation. Default 5. */
  readonly folds?: number;
  readonly seed?: number;
  readonly onProgress?: (evaluated: number) => void;
  readonly abortSignal?: AbortSignal;
}

/** Tuned weights, with what speaks for them. */
export interface TunedWeights {
  /** The tuned ones where they are accepted, else those of the start. */
  readonly weights: TunableWeights;
  /** Whether they are better in the cross-validation (p < .05), and not worse on what was held out. */
  readonly isAccepted: boolean;
  readonly tuned: TunableWeights;
  readonly evaluations: number;
  /** Start against tuned, on the queries that they were chosen by: flattering. */
  readonly development: RunComparison;
  /** Start against weights chosen on the other parts each time. */
  readonly crossValidation: RunComparison;
  /** Start against tuned, on the queries that were held out. */
  readonly heldOut: RunComparison;
}

const FACTORS = [0, 0.5, 1.5, 2];
const DIGITS = 1e4;
/** A change for less is noise. */
const MIN_GAIN = 1e-3;
const MIN_QUERIES = 10;
const MAX_P_VALUE = 0.05;
const METRIC = 'metric';

/**
 * Tunes weights on judged queries, and tells what is to be expected of them elsewhere.
 *
 * One leg after another takes the multiple of its weight that is best on the development part. The same search is made
 * within a cross-validation, so that its gain is measured on queries that did not choose it, and the result is compared
 * with the start on the queries that were held out from the beginning.
 *
 * Cost: some legs × factors evaluations, and what the folds choose differently.
 *
 * @throws {InvalidArgumentError} fewer than ten queries, or an option is out of range.
 */
export async function tuneWeights(options: TuneWeightsOptions): Promise<TunedWeights> {
  const { start, legs = Object.keys(start), factors = FACTORS } = options;
  const { holdout = 0.3, folds = 5, seed = 1 } = options;
  assertOptions({ ...options, holdout, folds });
  const known = new Map<string, Promise<ReadonlyMap<string, number>>>();
  let evaluations = 0;
  const scoresOf = (weights: TunableWeights): Promise<ReadonlyMap<string, number>> => {
    options.abortSignal?.throwIfAborted();
    const key = JSON.stringify(weights);
    let scores = known.get(key);
    if (scores === undefined) {
      scores = options.evaluate(weights);
      known.set(key, scores);
      evaluations += 1;
      options.onProgress?.(evaluations);
    }
    return scores;
  };
  const search = async (queries: readonly string[]): Promise<TunableWeights> => {
    let best = start;
    let score = meanOver(await scoresOf(best), queries);
    for (const leg of legs) {
      const own = best[leg] ?? 0;
      if (own === 0) continue;
      let chosen = best;
      for (const factor of factors) {
        const candidate = { ...best, [leg]: Math.round(own * factor * DIGITS) / DIGITS };
        const found = meanOver(await scoresOf(candidate), queries);
        if (found <= score + MIN_GAIN) continue;
        score = found;
        chosen = candidate;
      }
      best = chosen;
    }
    return best;
  };

  const shuffled = shuffle(options.queries, seed);
  const heldOut = shuffled.slice(0, Math.round(shuffled.length * holdout));
  const development = shuffled.slice(heldOut.length);
  const tuned = await search(development);
  const validated = new Map<string, number>();
  for (let fold = 0; fold < folds; fold += 1) {
    const chosen = await search(development.filter((_, n) => n % folds !== fold));
    const scores = await scoresOf(chosen);
    for (const query of development.filter((_, n) => n % folds === fold))
      validated.set(query, scores.get(query) ?? 0);
  }
  const before = await scoresOf(start);
  const after = await scoresOf(tuned);
  const crossValidation = compare(before, validated, development);
  const outside = compare(before, after, heldOut);
  const isSure = crossValidation.difference > 0 && crossValidation.pValue < MAX_P_VALUE;
  const isAccepted = isSure && outside.difference >= 0;
  return {
    weights: isAccepted ? tuned : start,
    isAccepted,
    tuned,
    evaluations,
    development: compare(before, after, development),
    crossValidation,
    heldOut: outside,
  };
}

function compare(
  first: ReadonlyMap<string, number>,
  second: ReadonlyMap<string, number>,
  queries: readonly string[],
): RunComparison {
  const evaluationOf = (scores: ReadonlyMap<string, number>) => ({
    means: { [METRIC]: meanOver(scores, queries) },
    perQuery: new Map(queries.map((query) => [query, { [METRIC]: scores.get(query) ?? 0 }])),
  });
  const [comparison] = compareRuns({
    first: evaluationOf(first),
    second: evaluationOf(second),
    metrics: [METRIC],
  });
  return comparison as RunComparison;
}

function meanOver(scores: ReadonlyMap<string, number>, queries: readonly string[]): number {
  const sum = queries.reduce((total, query) => total + (scores.get(query) ?? 0), 0);
  return sum / Math.max(1, queries.length);
}

function shuffle(queries: readonly string[], seed: number): string[] {
  const random = createSeededRandom(seed);
  const result = [...queries].sort();
  for (let n = result.length - 1; n > 0; n -= 1) {
    const other = Math.floor(random.next() * (n + 1));
    [result[n], result[other]] = [result[other] as string, result[n] as string];
  }
  return result;
}

function assertOptions(options: {
  queries: readonly string[];
  holdout: number;
  folds: number;
}): void {
  const refuse = (argument: string, value: unknown, expected: string): never => {
    throw new InvalidArgumentError({ argument, value, expected });
  };
  const { queries, holdout, folds } = options;
  if (queries.length < MIN_QUERIES) refuse('queries', queries.length, `${MIN_QUERIES} or more`);
  if (!(holdout > 0 && holdout < 1)) refuse('holdout', holdout, 'a share between 0 and 1');
  if (!Number.isInteger(folds) || folds < 2) refuse('folds', folds, 'a whole number from 2');
}
