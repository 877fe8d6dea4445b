/** Values that share a scale and an offset. */
export const GROUP = 32;
const LEVELS = 15;
/** How many ranges are tried, in steps of a tenth of a level, from one level below the plain one to one above. */
const TRIALS = 20;

/**
 * Finds scale and offset, value ≈ scale · level − offset with levels from 0 to 15, and writes the levels.
 *
 * Scales around range / 15 are tried; for the levels that each gives, the weighted least squares are solved. The weights
 * favour large values.
 *
 * @see llama.cpp, `make_qkx2_quants`: the same search; sums here have more digits, so a few levels differ.
 */
export function fitGroup(
  x: Float32Array,
  levels: Uint8Array,
): { readonly scale: number; readonly offset: number } {
  const weights = weigh(x);
  let [low, high] = [x[0] ?? 0, x[0] ?? 0];
  let [sumW, sumX] = [0, 0];
  for (let i = 0; i < GROUP; i++) {
    const [value, w] = [x[i] ?? 0, weights[i] ?? 0];
    low = Math.min(low, value);
    high = Math.max(high, value);
    sumW += w;
    sumX += w * value;
  }
  low = Math.min(low, 0);
  if (high === low) {
    levels.fill(0);
    return { scale: 0, offset: -low };
  }
  const trial = new Uint8Array(GROUP);
  const levelsAt = (inverse: number, out: Uint8Array): void => {
    for (let i = 0; i < GROUP; i++)
      out[i] = Math.max(0, Math.min(LEVELS, Math.round(inverse * ((x[i] ?? 0) - low))));
  };
  const errorOf = (scale: number, minimum: number, of: Uint8Array): number => {
    let error = 0;
    for (let i = 0; i < GROUP; i++) {
      const difference = scale * (of[i] ?? 0) + minimum - (x[i] ?? 0);
      error += (weights[i] ?? 0) * difference * difference;
    }
    return error;
  };

  let best = { scale: (high - low) / LEVELS, minimum: low };
  levelsAt(1 / best.scale, levels);
  let leastError = errorOf(best.scale, best.minimum, levels);
  for (let step = 0; step <= TRIALS; step++) {
    levelsAt((LEVELS - 1 + step / 10) / (high - low), trial);
    const solved = solve(x, weights, trial, { sumW, sumX });
    if (solved === undefined) continue;
    const error = errorOf(solved.scale, solved.minimum, trial);
    if (error >= leastError) continue;
    levels.set(trial);
    leastError = error;
    best = solved;
  }
  return { scale: best.scale, offset: -best.minimum };
}

/** |value| + the root mean square of the group. */
function weigh(x: Float32Array): Float64Array {
  let squares = 0;
  for (const value of x) squares += value * value;
  const typical = Math.sqrt(squares / GROUP);
  return Float64Array.from(x, (value) => typical + Math.abs(value));
}

/** The scale and the minimum, at most 0, with the least weighted squared error for given levels. */
function solve(
  x: Float32Array,
  weights: Float64Array,
  levels: Uint8Array,
  { sumW, sumX }: { readonly sumW: number; readonly sumX: number },
): { scale: number; minimum: number } | undefined {
  let [sumL, sumL2, sumXL] = [0, 0, 0];
  for (let i = 0; i < GROUP; i++) {
    const level = levels[i] ?? 0;
    const weighted = (weights[i] ?? 0) * level;
    sumL += weighted;
    sumL2 += weighted * level;
    sumXL += weighted * (x[i] ?? 0);
  }
  const determinant = sumW * sumL2 - sumL * sumL;
  if (determinant <= 0) return undefined;
  const minimum = (sumL2 * sumX - sumL * sumXL) / determinant;
  if (minimum > 0) return { scale: sumXL / sumL2, minimum: 0 };
  return { scale: (sumW * sumXL - sumX * sumL) / determinant, minimum };
}
