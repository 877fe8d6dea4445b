/** Where a chart draws a range of values. */
export interface ChartScale {
  readonly min: number;
  readonly max: number;
  /** Round values inside the range. */
  readonly ticks: readonly number[];
}

/** Returns a range with round ends that holds all values, and about `count` round values in it. */
export function chartScale(values: readonly number[], count = 4): ChartScale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { min: 0, max: 1, ticks: [0, 1] };
  if (low === high) {
    const room = low === 0 ? 1 : Math.abs(low) / 2;
    low -= room;
    high += room;
  }
  const step = roundStep((high - low) / count);
  const from = Math.floor(low / step + 1e-9);
  const to = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: to - from + 1 }, (_, index) =>
    Number(((from + index) * step).toPrecision(12)),
  );
  return { min: from * step, max: to * step, ticks };
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const rest = rough / power;
  const factor = rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10;
  return factor * power;
}

/**
 * Returns points that look the same in fewer: of each of `columns` stretches the first, the least, the greatest and the
 * last, so that no peak is lost.
 */
export function thinOut<Row extends { readonly value: number }>(
  points: readonly Row[],
  columns: number,
): readonly Row[] {
  if (points.length <= columns * 4) return points;
  const kept: Row[] = [];
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * points.length) / columns);
    const to = Math.floor(((column + 1) * points.length) / columns);
    let least = from;
    let greatest = from;
    for (let index = from; index < to; index++) {
      if (valueAt(points, index) < valueAt(points, least)) least = index;
      if (valueAt(points, index) > valueAt(points, greatest)) greatest = index;
    }
    const chosen = [...new Set([from, least, greatest, to - 1])].sort((a, b) => a - b);
    for (const index of chosen) {
      const point = points[index];
      if (point !== undefined) kept.push(point);
    }
  }
  return kept;
}

const valueAt = (points: readonly { readonly value: number }[], index: number): number =>
  points[index]?.value ?? Number.NaN;
