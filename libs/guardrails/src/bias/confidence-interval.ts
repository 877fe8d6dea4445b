/** A figure with the interval that holds it with 95 % confidence. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** How many observations it rests on. */
  readonly count: number;
}

const Z = 1.959_963_985;

/** The mean and its bootstrap interval (percentile method); `random` gives numbers in [0, 1). */
export function estimateMean(
  values: readonly number[],
  options: { readonly random: () => number; readonly resamples?: number },
): Estimate {
  const { random, resamples = 1000 } = options;
  const count = values.length;
  if (count === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, count };
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < count; draw += 1) sum += values[Math.floor(random() * count)] ?? 0;
    return sum / count;
  }).sort((first, second) => first - second);
  const at = (share: number): number => means[Math.round(share * (resamples - 1))] ?? Number.NaN;
  const value = values.reduce((sum, one) => sum + one, 0) / count;
  return { value, low: at(0.025), high: at(0.975), count };
}

/** A share and Wilson's interval. */
export function estimateShare(hits: number, count: number): Estimate {
  if (count === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, count };
  const share = hits / count;
  const spread =
    (Z * Math.sqrt((share * (1 - share)) / count + (Z / (2 * count)) ** 2)) / (1 + Z ** 2 / count);
  const middle = (share + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count);
  return {
    value: share,
    low: Math.max(0, middle - spread),
    high: Math.min(1, middle + spread),
    count,
  };
}
