import { binFeatures } from './feature-bins.js';
import { growTree, type TreeOptions } from './grow-tree.js';
import { addLambdaGradients } from './lambda-gradients.js';
import { ndcgOf } from './ranking-metric.js';
import { treeValue, type RegressionTree } from './regression-tree.js';

/** The judged candidates of one query. */
export interface RankingGroup {
  readonly query: string;
  /** Shape: [rows, features]. */
  readonly values: Float32Array;
  /** Shape: [rows]; 0 is not relevant. */
  readonly grades: Float32Array;
  /** The discounted gain of the best ranking possible, of what no candidate is too. */
  readonly ideal: number;
}

/** How trees are boosted. */
export interface BoostingOptions extends Partial<TreeOptions> {
  /** Default 200. */
  readonly maxTrees?: number;
  /** Trees without a gain on `validation` before it ends. Default 30. */
  readonly patience?: number;
  readonly abortSignal?: AbortSignal | undefined;
}

/** Trees whose sum is added to the score that a ranking begins with. */
export interface BoostedTrees {
  readonly trees: readonly RegressionTree[];
  /** nDCG@10 of `validation` before the first tree and with all of them; 0 without. */
  readonly validation: { readonly before: number; readonly after: number };
}

const DEFAULTS: TreeOptions & { maxTrees: number; patience: number } = {
  maxLeaves: 4,
  minRows: 100,
  l2: 5,
  learningRate: 0.05,
  maxTrees: 200,
  patience: 30,
};
const METRIC_DEPTH = 10;

/**
 * Boosts trees that reorder candidates: each follows the pull between pairs of rows that nDCG would gain from swapping.
 *
 * It begins with the scores of the first column (the fusion's), so that no tree at all means no change. With `validation`
 * the trees end where nDCG@10 there is best; without, after `maxTrees`. Deterministic.
 *
 * @see Burges, "From RankNet to LambdaRank to LambdaMART: An Overview" (2010).
 */
export function trainLambdaMart(
  given: {
    readonly groups: readonly RankingGroup[];
    readonly validation?: readonly RankingGroup[];
  },
  options: BoostingOptions = {},
): BoostedTrees {
  const settings = { ...DEFAULTS, ...options };
  const groups = given.groups.filter(({ ideal }) => ideal > 0);
  const validation = (given.validation ?? []).filter(({ ideal }) => ideal > 0);
  const width = widthOf(groups);
  const rows = joined(groups.map(({ values }) => values));
  const bins = binFeatures(rows, width);
  const scores = firstColumns(groups, width);
  const checked = firstColumns(validation, width);
  const flat = new Float64Array(width === 0 ? 0 : rows.length / width);
  const gradients = flat.slice();
  const curvatures = flat.slice();

  const trees: RegressionTree[] = [];
  const before = meanNdcg(validation, checked);
  let best = { score: before, trees: 0 };
  while (trees.length < settings.maxTrees && groups.length > 0) {
    options.abortSignal?.throwIfAborted();
    gradients.fill(0);
    curvatures.fill(0);
    let start = 0;
    for (const [n, { grades, ideal }] of groups.entries()) {
      const end = start + grades.length;
      addLambdaGradients({
        scores: scores[n] ?? new Float64Array(),
        grades,
        ideal,
        gradients: gradients.subarray(start, end),
        curvatures: curvatures.subarray(start, end),
      });
      start = end;
    }
    const tree = growTree({ bins, gradients, curvatures }, settings);
    if (tree.features.length === 1) break;
    trees.push(tree);
    addTree(tree, groups, scores, width);
    if (validation.length === 0) continue;
    addTree(tree, validation, checked, width);
    const score = meanNdcg(validation, checked);
    if (score > best.score) best = { score, trees: trees.length };
    else if (trees.length - best.trees >= settings.patience) break;
  }
  return {
    trees: validation.length === 0 ? trees : trees.slice(0, best.trees),
    validation: { before, after: best.score },
  };
}

function widthOf(groups: readonly RankingGroup[]): number {
  const group = groups.find(({ grades }) => grades.length > 0);
  return group === undefined ? 0 : group.values.length / group.grades.length;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function firstColumns(groups: readonly RankingGroup[], width: number): Float64Array[] {
  return groups.map(({ values, grades }) =>
    Float64Array.from(grades, (_, row) => values[row * width] ?? 0),
  );
}

function addTree(
  tree: RegressionTree,
  groups: readonly RankingGroup[],
  scores: readonly Float64Array[],
  width: number,
): void {
  for (const [n, { values }] of groups.entries()) {
    const own = scores[n];
    if (own === undefined) continue;
    for (let row = 0; row < own.length; row += 1)
      own[row] = (own[row] ?? 0) + treeValue(tree, values, row * width);
  }
}

function meanNdcg(groups: readonly RankingGroup[], scores: readonly Float64Array[]): number {
  const sum = groups.reduce(
    (total, { grades, ideal }, n) =>
      total +
      ndcgOf({ scores: scores[n] ?? new Float64Array(), grades, ideal, depth: METRIC_DEPTH }),
    0,
  );
  return sum / Math.max(1, groups.length);
}
