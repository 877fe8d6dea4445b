import { InvalidArgumentError } from '@espalier/core';
import type { PrivacyBudget } from './create-privacy-budget.js';

/** What a private statistic takes. */
export interface PrivateStatisticOptions {
  readonly budget: Pick<PrivacyBudget, 'laplace' | 'laplaceAll'>;
  /** What the answer spends. */
  readonly epsilon: number;
}

/** Values with the range they are held to, which must not come from the values themselves. */
export interface BoundedValues {
  readonly values: readonly number[];
  readonly lower: number;
  readonly upper: number;
}

/** How many there are, with noise. */
export function privateCount(
  options: PrivateStatisticOptions & { readonly count: number },
): number {
  const { budget, epsilon, count } = options;
  return budget.laplace({ value: count, sensitivity: 1, epsilon });
}

/** The sum of values held to a range, with noise. */
export function privateSum(options: PrivateStatisticOptions & BoundedValues): number {
  const { budget, epsilon, values, lower, upper } = options;
  requireRange(lower, upper);
  const value = values.reduce((sum, one) => sum + Math.min(upper, Math.max(lower, one)), 0);
  return budget.laplace({
    value,
    sensitivity: Math.max(Math.abs(lower), Math.abs(upper)),
    epsilon,
  });
}

/** The mean of values held to a range, with noise; half of epsilon goes to their number. In [lower, upper]. */
export function privateMean(options: PrivateStatisticOptions & BoundedValues): number {
  const { budget, epsilon, values, lower, upper } = options;
  requireRange(lower, upper);
  const middle = (lower + upper) / 2;
  const value = values.reduce(
    (sum, one) => sum + Math.min(upper, Math.max(lower, one)) - middle,
    0,
  );
  const sum = budget.laplace({ value, sensitivity: (upper - lower) / 2, epsilon: epsilon / 2 });
  const count = privateCount({ budget, epsilon: epsilon / 2, count: values.length });
  return Math.min(upper, Math.max(lower, middle + sum / Math.max(1, count)));
}

/**
 * How many there are of each of the `categories`, with noise. Each person is in one, so that epsilon is spent once; counts
 * may be negative.
 */
export function privateHistogram(
  options: PrivateStatisticOptions & {
    readonly values: readonly string[];
    readonly categories: readonly string[];
  },
): Readonly<Record<string, number>> {
  const { budget, epsilon, values, categories } = options;
  const counts = new Map(categories.map((category) => [category, 0]));
  for (const value of values) {
    const count = counts.get(value);
    if (count !== undefined) counts.set(value, count + 1);
  }
  const noisy = budget.laplaceAll({ values: [...counts.values()], sensitivity: 1, epsilon });
  return Object.fromEntries(categories.map((category, index) => [category, noisy[index] ?? 0]));
}

function requireRange(lower: number, upper: number): void {
  if (!(Number.isFinite(lower) && Number.isFinite(upper) && lower < upper))
    throw new InvalidArgumentError({
      argument: 'upper',
      value: upper,
      expected: `a finite number above lower (${lower})`,
    });
}
