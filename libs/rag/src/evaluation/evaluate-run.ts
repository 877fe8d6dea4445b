import type { Judgements } from './collection.js';
import type { Run } from './run.js';

/** Metrics by name, e.g. `ndcg@10`; each from 0 to 1. */
export type Metrics = Readonly<Record<string, number>>;

/** How good a run is. */
export interface RunEvaluation {
  /** Means over the queries that have a relevant passage. */
  readonly means: Metrics;
  /** The same for each of these queries. */
  readonly perQuery: ReadonlyMap<string, Metrics>;
}

const RECALL_DEPTHS = [1, 3, 5, 10, 20, 100];
const NDCG_DEPTH = 10;
const MRR_DEPTH = 10;

/**
 * Returns recall@k, nDCG@10, MRR and MAP of a run.
 *
 * The definitions are trec_eval's: gains are the grades as they are, grades below 1 are not relevant, a judged query that
 * the run leaves out counts 0. Judged queries without a relevant passage are left out.
 *
 * @see Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002) for nDCG, with the discount log2(rank + 1).
 */
export function evaluateRun(options: { run: Run; judgements: Judgements }): RunEvaluation {
  const perQuery = new Map<string, Metrics>();
  for (const [query, judged] of options.judgements) {
    const grades = [...judged.values()].filter((grade) => grade > 0).sort((a, b) => b - a);
    if (grades.length === 0) continue;
    const gains = uniqueIds(options.run.get(query)).map((id) => Math.max(0, judged.get(id) ?? 0));
    perQuery.set(query, metricsOf(gains, grades));
  }
  const names = Object.keys(metricsOf([], [1]));
  const means = Object.fromEntries(
    names.map((name) => [name, mean([...perQuery.values()].map((metrics) => metrics[name] ?? 0))]),
  );
  return { means, perQuery };
}

function metricsOf(gains: readonly number[], grades: readonly number[]): Metrics {
  const metrics: Record<string, number> = {};
  metrics[`ndcg@${NDCG_DEPTH}`] = dcg(gains, NDCG_DEPTH) / dcg(grades, NDCG_DEPTH);
  const first = gains.findIndex((gain) => gain > 0);
  metrics.mrr = first < 0 ? 0 : 1 / (first + 1);
  metrics[`mrr@${MRR_DEPTH}`] = first < 0 || first >= MRR_DEPTH ? 0 : 1 / (first + 1);
  let found = 0;
  let precisions = 0;
  gains.forEach((gain, index) => {
    if (gain === 0) return;
    found += 1;
    precisions += found / (index + 1);
  });
  metrics.map = precisions / grades.length;
  for (const depth of RECALL_DEPTHS) {
    const hits = gains.slice(0, depth).filter((gain) => gain > 0).length;
    metrics[`recall@${depth}`] = hits / grades.length;
  }
  return metrics;
}

function uniqueIds(passages: readonly { readonly id: string }[] = []): string[] {
  return [...new Set(passages.map(({ id }) => id))];
}

function dcg(gains: readonly number[], depth: number): number {
  return gains.slice(0, depth).reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
