/** A tree of questions "is feature f above t?", node by node; a leaf has feature -1. */
export interface RegressionTree {
  readonly features: readonly number[];
  readonly thresholds: readonly number[];
  /** The node for values up to the threshold; the one for those above is the next. */
  readonly children: readonly number[];
  /** What a leaf gives. */
  readonly values: readonly number[];
}

/** The value of the leaf that a row falls into. Shape: `row` begins at `start` of `rows`. */
export function treeValue(tree: RegressionTree, rows: Float32Array, start: number): number {
  let node = 0;
  for (;;) {
    const feature = tree.features[node] ?? -1;
    if (feature < 0) return tree.values[node] ?? 0;
    const isAbove = (rows[start + feature] ?? 0) > (tree.thresholds[node] ?? 0);
    node = (tree.children[node] ?? 0) + (isAbove ? 1 : 0);
  }
}
