/** Features cut into a few steps each. */
export interface FeatureBins {
  /** For each feature the highest value of each bin but the last, rising. */
  readonly thresholds: readonly Float32Array[];
  /** For each feature the bin of each row. */
  readonly columns: readonly Uint8Array[];
}

const MAX_BINS = 64;

/** Cuts each feature where it splits the rows evenly. Shape: `values` [rows, width]. */
export function binFeatures(values: Float32Array, width: number): FeatureBins {
  const count = width === 0 ? 0 : values.length / width;
  const thresholds: Float32Array[] = [];
  const columns: Uint8Array[] = [];
  for (let feature = 0; feature < width; feature += 1) {
    const column = Float32Array.from(
      { length: count },
      (_, row) => values[row * width + feature] ?? 0,
    );
    const sorted = column.toSorted();
    const cuts = new Set<number>();
    for (let cut = 1; cut < MAX_BINS; cut += 1) {
      const value = sorted[Math.floor((cut * count) / MAX_BINS)] ?? 0;
      // The highest value has none above it.
      if (value < (sorted[count - 1] ?? 0)) cuts.add(value);
    }
    const steps = Float32Array.from(cuts).sort();
    thresholds.push(steps);
    columns.push(Uint8Array.from(column, (value) => binOf(steps, value)));
  }
  return { thresholds, columns };
}

function binOf(steps: Float32Array, value: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (steps[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
