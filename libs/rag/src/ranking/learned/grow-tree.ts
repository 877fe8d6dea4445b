import type { FeatureBins } from './feature-bins.js';
import type { RegressionTree } from './regression-tree.js';

/** How trees grow. */
export interface TreeOptions {
  readonly maxLeaves: number;
  /** Rows of a leaf at least. */
  readonly minRows: number;
  /** Added to the curvature of a leaf: holds back leaves that few rows speak for. */
  readonly l2: number;
  /** What leaves are multiplied with. */
  readonly learningRate: number;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  /** Rows with this bin or a lower one go to the first child. */
  readonly bin: number;
}

interface Leaf {
  readonly node: number;
  readonly rows: Int32Array;
  readonly gradient: number;
  readonly curvature: number;
  readonly split: Split | undefined;
}

/** A gain below is rounding. */
const MIN_GAIN = 1e-9;

/**
 * Grows a tree that follows the gradients, always splitting the leaf that gains most (Newton steps in the leaves).
 *
 * @see Friedman, "Greedy function approximation" (2001); the gain is that of Chen & Guestrin, "XGBoost" (2016), equation 7.
 */
export function growTree(
  given: { bins: FeatureBins; gradients: Float64Array; curvatures: Float64Array },
  options: TreeOptions,
): RegressionTree {
  const { bins, gradients, curvatures } = given;
  const features: number[] = [];
  const thresholds: number[] = [];
  const children: number[] = [];
  const values: number[] = [];
  const addNode = (): number => {
    thresholds.push(0);
    children.push(0);
    values.push(0);
    return features.push(-1) - 1;
  };
  const leafOf = (node: number, rows: Int32Array): Leaf => {
    let gradient = 0;
    let curvature = 0;
    for (const row of rows) {
      gradient += gradients[row] ?? 0;
      curvature += curvatures[row] ?? 0;
    }
    const sums = { rows, gradient, curvature };
    return { node, ...sums, split: bestSplit(given, sums, options) };
  };
  const leaves = [leafOf(addNode(), Int32Array.from(gradients.keys()))];
  while (leaves.length < options.maxLeaves) {
    let best = -1;
    for (const [n, { split }] of leaves.entries()) {
      if (split === undefined) continue;
      if (best < 0 || split.gain > (leaves[best]?.split?.gain ?? 0)) best = n;
    }
    const leaf = leaves[best];
    if (leaf?.split === undefined) break;
    const { feature, bin } = leaf.split;
    const column = bins.columns[feature] ?? new Uint8Array();
    const below = leaf.rows.filter((row) => (column[row] ?? 0) <= bin);
    const above = leaf.rows.filter((row) => (column[row] ?? 0) > bin);
    features[leaf.node] = feature;
    thresholds[leaf.node] = bins.thresholds[feature]?.[bin] ?? 0;
    const first = addNode();
    const second = addNode();
    children[leaf.node] = first;
    leaves.splice(best, 1, leafOf(first, below), leafOf(second, above));
  }
  for (const { node, gradient, curvature } of leaves)
    values[node] = (options.learningRate * gradient) / (curvature + options.l2);
  return { features, thresholds, children, values };
}

function bestSplit(
  given: { bins: FeatureBins; gradients: Float64Array; curvatures: Float64Array },
  leaf: { rows: Int32Array; gradient: number; curvature: number },
  { minRows, l2 }: TreeOptions,
): Split | undefined {
  if (leaf.rows.length < 2 * minRows) return undefined;
  const { bins, gradients, curvatures } = given;
  const worth = (gradient: number, curvature: number): number =>
    (gradient * gradient) / (curvature + l2);
  const before = worth(leaf.gradient, leaf.curvature);
  let best: Split | undefined;
  for (const [feature, column] of bins.columns.entries()) {
    const count = (bins.thresholds[feature]?.length ?? 0) + 1;
    if (count < 2) continue;
    const gradientSums = new Float64Array(count);
    const curvatureSums = new Float64Array(count);
    const rowCounts = new Int32Array(count);
    for (const row of leaf.rows) {
      const bin = column[row] ?? 0;
      gradientSums[bin] = (gradientSums[bin] ?? 0) + (gradients[row] ?? 0);
      curvatureSums[bin] = (curvatureSums[bin] ?? 0) + (curvatures[row] ?? 0);
      rowCounts[bin] = (rowCounts[bin] ?? 0) + 1;
    }
    let gradient = 0;
    let curvature = 0;
    let rows = 0;
    for (let bin = 0; bin < count - 1; bin += 1) {
      gradient += gradientSums[bin] ?? 0;
      curvature += curvatureSums[bin] ?? 0;
      rows += rowCounts[bin] ?? 0;
      if (rows < minRows) continue;
      if (leaf.rows.length - rows < minRows) break;
      const gain =
        worth(gradient, curvature) +
        worth(leaf.gradient - gradient, leaf.curvature - curvature) -
        before;
      if (gain > Math.max(MIN_GAIN, best?.gain ?? 0)) best = { gain, feature, bin };
    }
  }
  return best;
}
