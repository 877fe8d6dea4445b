import { describe, expect, it } from 'vitest';
import { chartScale, thinOut } from './chart-scale.js';

describe('the scale of a chart', () => {
  it('has round values and holds all there are', () => {
    expect(chartScale([1.83, 4.31])).toEqual({ min: 1, max: 5, ticks: [1, 2, 3, 4, 5] });
    expect(chartScale([0, 0.00021]).ticks).toEqual([0, 0.0001, 0.0002, 0.0003]);
    expect(chartScale([-3, 12]).ticks).toEqual([-5, 0, 5, 10, 15]);
  });

  it('has room around a single value, and a range where there is none', () => {
    const { min, max } = chartScale([2]);
    expect([min < 2, max > 2]).toEqual([true, true]);
    expect(chartScale([Number.NaN])).toEqual({ min: 0, max: 1, ticks: [0, 1] });
  });
});

describe('thinning out', () => {
  it('keeps few points as they are, and of many every peak, in order', () => {
    const few = [{ step: 1, value: 2 }];
    expect(thinOut(few, 100)).toBe(few);
    const many = Array.from({ length: 10_000 }, (_, step) => ({
      step,
      value: step === 4321 ? 99 : step === 77 ? -99 : step % 7,
    }));
    const thin = thinOut(many, 100);
    expect(thin.length).toBeLessThanOrEqual(400);
    expect(thin.map(({ value }) => value)).toEqual(expect.arrayContaining([99, -99]));
    expect(thin.map(({ step }) => step)).toEqual(
      thin.map(({ step }) => step).sort((a, b) => a - b),
    );
    expect([thin[0]?.step, thin.at(-1)?.step]).toEqual([0, 9999]);
  });
});
