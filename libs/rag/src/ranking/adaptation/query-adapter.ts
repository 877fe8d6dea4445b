import type { VectorTable } from '../internal/vector-table.js';
import { fitRidgeMap } from './fit-ridge-map.js';

/** A query taken from a passage, and the meaning of what is left of the passage without it; both of length 1. */
export interface OwnPair {
  /** The passage's place. */
  readonly place: number;
  readonly query: Float32Array;
  readonly rest: Float32Array;
}

/** What an adaptation gained on pairs that it was not fitted to. */
export interface AdaptationReport {
  readonly pairs: number;
  /** Mean reciprocal rank of the passages that held-out queries were taken from, as the encoder has it. */
  readonly before: number;
  /** The same with adapted queries. */
  readonly after: number;
  /** Whether queries are adapted. */
  readonly isUsed: boolean;
}

/** Moves the vectors of queries. */
export interface QueryAdapter {
  readonly report: AdaptationReport;
  adapt(query: Float32Array): Float32Array;
}

const LAMBDA = 10;
const MIN_PAIRS = 50;
/** Every fifth pair is held out. */
const FOLDS = 5;

/**
 * Learns from a corpus alone how its queries lie to its passages, and moves queries accordingly.
 *
 * The map is fitted to four fifths of the pairs; unless the others then find their passages better, by more than the
 * standard error, queries stay as they are.
 */
export function createQueryAdapter(options: {
  readonly pairs: readonly OwnPair[];
  /** All passages. */
  readonly table: VectorTable;
  readonly dimension: number;
}): QueryAdapter {
  const { pairs, table, dimension } = options;
  const fit = (chosen: readonly OwnPair[]): Float32Array =>
    fitRidgeMap({
      queries: chosen.map(({ query }) => query),
      documents: chosen.map(({ rest }) => rest),
      dimension,
      lambda: LAMBDA,
    });
  const stay = (before: number, after: number): QueryAdapter => ({
    report: { pairs: pairs.length, before, after, isUsed: false },
    adapt: (query) => query,
  });
  if (pairs.length < MIN_PAIRS) return stay(0, 0);
  const trial = fit(pairs.filter((_, n) => n % FOLDS !== 0));
  const judged = pairs
    .filter((_, n) => n % FOLDS === 0)
    .map((pair) => ({
      before: reciprocalRank(pair, pair.query, table),
      after: reciprocalRank(pair, apply(trial, pair.query), table),
    }));
  const before = mean(judged.map((one) => one.before));
  const after = mean(judged.map((one) => one.after));
  const gains = judged.map((one) => one.after - one.before);
  const squares = gains.reduce((sum, gain) => sum + (gain - (after - before)) ** 2, 0);
  const error = Math.sqrt(squares / Math.max(1, gains.length - 1) / gains.length);
  if (!(after - before > error)) return stay(before, after);
  const map = fit(pairs);
  return {
    report: { pairs: pairs.length, before, after, isUsed: true },
    adapt: (query) => apply(map, query),
  };
}

function reciprocalRank({ place, rest }: OwnPair, query: Float32Array, table: VectorTable): number {
  const scores = table.scores(query);
  let own = 0;
  for (let i = 0; i < query.length; i += 1) own += (query[i] ?? 0) * (rest[i] ?? 0);
  let better = 0;
  for (const [other, score] of scores.entries()) if (other !== place && score > own) better += 1;
  return 1 / (1 + better);
}

/** The query through the map, of length 1; a query without a direction stays so. */
function apply(map: Float32Array, query: Float32Array): Float32Array {
  const d = query.length;
  const moved = new Float32Array(d);
  let squares = 0;
  for (let i = 0; i < d; i += 1) {
    let sum = 0;
    for (let j = 0; j < d; j += 1) sum += (map[i * d + j] ?? 0) * (query[j] ?? 0);
    moved[i] = sum;
    squares += sum * sum;
  }
  const norm = Math.sqrt(squares);
  return norm === 0 ? query : moved.map((value) => value / norm);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
