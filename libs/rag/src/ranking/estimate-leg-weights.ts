import { cosine } from '../internal/cosine.js';
import { InvalidArgumentError } from '@espalier/core';
import { standardizeScores } from './standardize-scores.js';

/** A way of searching: gives every passage of one corpus its score for a query. */
export type ScoringLeg = (query: string) => Float32Array | Promise<Float32Array>;

/** What is known of a leg without judgements. */
export interface LegEstimate {
  /** From 0 to 1; all together 1. */
  readonly weight: number;
  /** How far the two halves of a query agree in this leg, from -1 to 1; near 0: it does not tell queries apart. */
  readonly reliability: number;
}

/** What {@link estimateLegWeights} takes. */
export interface LegWeightOptions {
  readonly legs: Readonly<Record<string, ScoringLeg>>;
  /** Questions of the kind that will be asked, some tens of them; those of fewer than four words are left out. */
  readonly queries: readonly string[];
  readonly abortSignal?: AbortSignal;
}

const MIN_WORDS = 4;
/** A correlation that lies no further from zero than so many of its standard errors counts as none. */
const ERRORS = 3;
const ROUNDS = 100;
const ROUNDING = 1e-4;

/**
 * Estimates how much each leg of a fusion by {@link fuseStandardized} should count, from questions without judgements.
 *
 * Each question is cut into two, word by word in turn. A leg that finds what is asked for ranks alike for both halves, and
 * like the other legs do; a leg that guesses does not, and one that always prefers the same passages does not either,
 * because what is common to all questions is taken off first. The weights are the loadings of the legs on what they have
 * in common: the first principal component of these correlations, those that chance explains set to zero.
 *
 * A leg that is sure, repeatable and wrong cannot be told from a good one without another leg to contradict it. Where no
 * leg shows anything, all count the same.
 *
 * Cost: two runs of each leg for a question; memory: questions × 2 × legs × passages × 4 bytes.
 *
 * @see Spearman, "Correlation calculated from faulty data" (1910) — the two halves; Wu, "Data Fusion in Information
 * Retrieval" (2012), chapter 4, on weights from the agreement of legs.
 * @throws {InvalidArgumentError} there is no leg, or legs score different numbers of passages.
 */
export async function estimateLegWeights(
  options: LegWeightOptions,
): Promise<Readonly<Record<string, LegEstimate>>> {
  const names = Object.keys(options.legs);
  if (names.length === 0) {
    throw new InvalidArgumentError({ argument: 'legs', value: '{}', expected: 'at least one leg' });
  }
  const halves = options.queries.map(halvesOf).filter((pair) => pair !== undefined);
  const scores = await Promise.all(
    Object.values(options.legs).map((leg) => scoreHalves(leg, halves, options.abortSignal)),
  );
  const sizes = new Set(scores.flat(2).map(({ length }) => length));
  if (sizes.size > 1) {
    throw new InvalidArgumentError({
      argument: 'legs',
      value: [...sizes],
      expected: 'the same passages in every leg',
    });
  }
  const correlations = scores.map((first) =>
    scores.map((second) => significant(correlationsOf(first, second))),
  );
  const loadings = firstComponent(correlations);
  const total = loadings.reduce((sum, value) => sum + value, 0);
  return Object.fromEntries(
    names.map((name, leg) => {
      const own = scores[leg] ?? [];
      return [
        name,
        {
          weight: total === 0 ? 1 / names.length : (loadings[leg] ?? 0) / total,
          reliability: meanOf(correlationsOf(own, own)),
        },
      ];
    }),
  );
}

type Halves = readonly [Float32Array, Float32Array];

function halvesOf(query: string): readonly [string, string] | undefined {
  const words = query.split(/\s+/u).filter((word) => word !== '');
  if (words.length < MIN_WORDS) return undefined;
  const half = (rest: number): string => words.filter((_, n) => n % 2 === rest).join(' ');
  return [half(0), half(1)];
}

/** The scores of both halves of each query, without what all queries have in common. */
async function scoreHalves(
  leg: ScoringLeg,
  halves: readonly (readonly [string, string])[],
  abortSignal: AbortSignal | undefined,
): Promise<readonly Halves[]> {
  const found: Halves[] = [];
  for (const [first, second] of halves) {
    abortSignal?.throwIfAborted();
    found.push([standardizeScores(await leg(first)), standardizeScores(await leg(second))]);
  }
  const common = new Float64Array(found[0]?.[0].length ?? 0);
  for (const scores of found.flat()) {
    for (let i = 0; i < common.length; i += 1) {
      common[i] = (common[i] ?? 0) + (scores[i] ?? 0) / (found.length * 2);
    }
  }
  for (const scores of found.flat()) {
    for (let i = 0; i < common.length; i += 1) {
      const own = (scores[i] ?? 0) - (common[i] ?? 0);
      // What rounding leaves of scores that are all the same is no opinion.
      scores[i] = Math.abs(own) < ROUNDING ? 0 : own;
    }
  }
  return found;
}

/** For each query, how far one half in one leg agrees with the other half in the other leg. */
function correlationsOf(first: readonly Halves[], second: readonly Halves[]): number[] {
  return first.map(([a, b], query) => {
    const [c, d] = second[query] ?? [a, b];
    return (cosine(a, d) + cosine(b, c)) / 2;
  });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** The mean, or 0 where it is not above what chance gives. */
function significant(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  return mean > ERRORS * error ? mean : 0;
}

/** The first principal component of a matrix without negative values, by power iteration. */
function firstComponent(matrix: readonly (readonly number[])[]): number[] {
  let vector = matrix.map(() => 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = matrix.map((row) =>
      row.reduce((sum, value, column) => sum + value * (vector[column] ?? 0), 0),
    );
    const norm = Math.hypot(...next);
    if (norm === 0) return matrix.map(() => 0);
    vector = next.map((value) => value / norm);
  }
  return vector;
}
