import type { SecureIntegers } from './secure-integers.js';

/**
 * A whole number with a probability in proportion to exp(-|x| / scale), scale = `numerator` / `denominator`.
 *
 * @see Canonne, Kamath and Steinke 2020, Algorithm 2
 */
export function discreteLaplace(
  integers: SecureIntegers,
  numerator: bigint,
  denominator: bigint,
): bigint {
  for (;;) {
    const start = integers.below(numerator);
    if (!integers.exponentialCoin(start, numerator)) continue;
    let rounds = 0n;
    while (integers.exponentialCoin(1n, 1n)) rounds += 1n;
    const size = (start + numerator * rounds) / denominator;
    const isNegative = integers.coin(1n, 2n);
    if (isNegative && size === 0n) continue;
    return isNegative ? -size : size;
  }
}

/**
 * A whole number with a probability in proportion to exp(-x² / 2σ²), σ² = `numerator` / `denominator`.
 *
 * @see Canonne, Kamath and Steinke 2020, Algorithm 3
 */
export function discreteGaussian(
  integers: SecureIntegers,
  numerator: bigint,
  denominator: bigint,
): bigint {
  const width = squareRoot(numerator / denominator) + 1n;
  for (;;) {
    const candidate = discreteLaplace(integers, width, 1n);
    const size = candidate < 0n ? -candidate : candidate;
    // (|y| - σ²/t)² / 2σ², over one denominator.
    const difference = size * width * denominator - numerator;
    const top = difference * difference;
    const bottom = 2n * numerator * denominator * width * width;
    if (integers.exponentialCoin(top, bottom)) return candidate;
  }
}

function squareRoot(number: bigint): bigint {
  if (number < 2n) return number;
  let guess = 1n << BigInt((number.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + number / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
