import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createPrivacyBudget } from './create-privacy-budget.js';
import { discreteGaussian, discreteLaplace } from './discrete-noise.js';
import { privateCount, privateHistogram, privateMean, privateSum } from './private-statistics.js';
import { createSecureIntegers, type RandomBytes } from './secure-integers.js';

function seededBytes(seed: number): RandomBytes {
  const random = createSeededRandom(seed);
  return (count) => Uint8Array.from({ length: count }, () => Math.floor(random.next() * 256));
}

describe('discrete noise', () => {
  const integers = createSecureIntegers(seededBytes(1));
  const draws = (draw: () => bigint): number[] =>
    Array.from({ length: 4000 }, () => Number(draw()));
  const share = (numbers: readonly number[], wanted: number): number =>
    numbers.filter((number) => number === wanted).length / numbers.length;

  it('follows the discrete Laplace distribution', () => {
    const numbers = draws(() => discreteLaplace(integers, 3n, 2n));
    const ratio = Math.exp(-2 / 3);
    // P(x) = (1 - r) / (1 + r) · r^|x|
    for (const value of [-2, -1, 0, 1, 2])
      expect(share(numbers, value)).toBeCloseTo(
        ((1 - ratio) / (1 + ratio)) * ratio ** Math.abs(value),
        1,
      );
    const variance = numbers.reduce((sum, number) => sum + number ** 2, 0) / numbers.length;
    expect(variance / ((2 * ratio) / (1 - ratio) ** 2)).toBeCloseTo(1, 0);
  });

  it('follows the discrete Gaussian distribution', () => {
    const numbers = draws(() => discreteGaussian(integers, 25n, 4n));
    const variance = numbers.reduce((sum, number) => sum + number ** 2, 0) / numbers.length;
    expect(variance).toBeGreaterThan(5.6);
    expect(variance).toBeLessThan(6.9);
    expect(share(numbers, 0)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI * 6.25), 1);
  });
});

describe('the privacy budget', () => {
  it('adds up what pure answers cost, and tells nothing once it is spent', () => {
    const budget = createPrivacyBudget({ epsilon: 1, randomBytes: seededBytes(2) });
    budget.laplace({ value: 10, sensitivity: 1, epsilon: 0.6 });
    expect(budget.spentEpsilon).toBeCloseTo(0.6, 12);
    expect(() => budget.laplace({ value: 10, sensitivity: 1, epsilon: 0.5 })).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_PRIVACY_BUDGET' }),
    );
    budget.laplace({ value: 10, sensitivity: 1, epsilon: 0.4 });
    expect(budget.remainingEpsilon).toBe(0);
  });

  it('counts many small answers by concentrated privacy where there is a delta', () => {
    const budget = createPrivacyBudget({ epsilon: 4, delta: 1e-6, randomBytes: seededBytes(3) });
    for (let index = 0; index < 100; index += 1)
      budget.laplace({ value: 1, sensitivity: 1, epsilon: 0.05 });
    // ρ = 100 × 0.05² / 2 = 0.125; 0.125 + 2 √(0.125 ln 10⁶) = 2.7532, less than the sum 5.
    expect(budget.spentEpsilon).toBeCloseTo(2.7532, 3);
  });

  it('takes Gaussian answers only with a delta', () => {
    const answer = { value: 100, sensitivity: 1, noiseMultiplier: 10 };
    const pure = createPrivacyBudget({ epsilon: 100, randomBytes: seededBytes(4) });
    expect(() => pure.gaussian(answer)).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_PRIVACY_BUDGET' }),
    );
    const budget = createPrivacyBudget({ epsilon: 1, delta: 1e-5, randomBytes: seededBytes(4) });
    expect(Math.abs(budget.gaussian(answer) - 100)).toBeLessThan(60);
    // ρ = 1/200; 0.005 + 2 √(0.005 ln 10⁵) = 0.48485
    expect(budget.spentEpsilon).toBeCloseTo(0.48485, 4);
  });

  it('answers in whole steps', () => {
    const budget = createPrivacyBudget({ epsilon: 10, randomBytes: seededBytes(5) });
    expect(Number.isInteger(budget.laplace({ value: 7, sensitivity: 1, epsilon: 1 }))).toBe(true);
    const stepped = budget.laplace({ value: 7.3, sensitivity: 1, epsilon: 1, step: 0.25 });
    expect(Number.isInteger(stepped / 0.25)).toBe(true);
  });

  it('uses the platform generator when none is given', () => {
    const budget = createPrivacyBudget({ epsilon: 50 });
    expect(budget.laplace({ value: 5, sensitivity: 1, epsilon: 50 })).toBe(5);
  });

  it.each([[{ epsilon: 0 }], [{ epsilon: Number.NaN }], [{ epsilon: 1, delta: 1 }]])(
    'refuses %j',
    (options) => {
      expect(() => createPrivacyBudget(options)).toThrow(
        expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }),
      );
    },
  );
});

describe('private statistics', () => {
  const budget = createPrivacyBudget({ epsilon: 1000, randomBytes: seededBytes(6) });
  const values = [1, 2, 3, 4, 100];

  it('hold values to their range and come near the truth with much epsilon', () => {
    const bounded = { budget, epsilon: 100, values, lower: 0, upper: 10 };
    expect(privateCount({ budget, epsilon: 100, count: 5 })).toBe(5);
    expect(privateSum(bounded)).toBeCloseTo(20, 0);
    expect(privateMean(bounded)).toBeCloseTo(4, 0);
  });

  it('spends epsilon once for a histogram', () => {
    const before = budget.spentEpsilon;
    const counts = privateHistogram({
      budget,
      epsilon: 50,
      values: ['a', 'b', 'a', 'z'],
      categories: ['a', 'b', 'c'],
    });
    expect(counts).toEqual({ a: 2, b: 1, c: 0 });
    expect(budget.spentEpsilon - before).toBeCloseTo(50, 9);
  });

  it('refuse a range that is none', () => {
    expect(() => privateSum({ budget, epsilon: 1, values, lower: 1, upper: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }),
    );
  });
});
