import type { Judgements } from './collection.js';
import type { Run } from './run.js';

/** One point of a curve. */
export type CurvePoint = readonly [x: number, y: number];

/**
 * Returns the mean recall at each depth, over the judged queries that have a relevant passage.
 *
 * A query that the run leaves out counts 0.
 */
export function recallCurve(options: {
  readonly run: Run;
  readonly judgements: Judgements;
  readonly depths: readonly number[];
}): CurvePoint[] {
  const queries = relevanceOf(options.run, options.judgements);
  return options.depths.map((depth) => [
    depth,
    mean(
      queries.map(({ hits, relevant }) => hits.slice(0, depth).filter(Boolean).length / relevant),
    ),
  ]);
}

/**
 * Returns precision at the recalls 0, .1 … 1: at each the highest precision at that recall or a later one, as trec_eval
 * interpolates it, averaged over queries.
 *
 * @see Manning, Raghavan & Schütze, "Introduction to Information Retrieval" (2008), section 8.4.
 */
export function precisionRecallCurve(options: {
  readonly run: Run;
  readonly judgements: Judgements;
}): CurvePoint[] {
  const perQuery = relevanceOf(options.run, options.judgements).map(interpolate);
  return Array.from({ length: 11 }, (_, n) => [
    n / 10,
    mean(perQuery.map((precisions) => precisions[n] ?? 0)),
  ]);
}

interface Relevance {
  /** For each place of the ranking, whether what stands there is relevant. */
  readonly hits: readonly boolean[];
  readonly relevant: number;
}

function relevanceOf(run: Run, judgements: Judgements): Relevance[] {
  const found: Relevance[] = [];
  for (const [query, judged] of judgements) {
    const relevant = [...judged.values()].filter((grade) => grade > 0).length;
    if (relevant === 0) continue;
    const ids = new Set((run.get(query) ?? []).map(({ id }) => id));
    found.push({ relevant, hits: [...ids].map((id) => (judged.get(id) ?? 0) > 0) });
  }
  return found;
}

function interpolate({ hits, relevant }: Relevance): number[] {
  const highest = new Array<number>(11).fill(0);
  let found = 0;
  for (const [place, isHit] of hits.entries()) {
    if (!isHit) continue;
    found += 1;
    const precision = found / (place + 1);
    // This precision holds for every recall up to the one that is reached here.
    const reached = Math.floor((found * 10) / relevant);
    for (let n = 0; n <= reached; n += 1) highest[n] = Math.max(highest[n] ?? 0, precision);
  }
  return highest;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
