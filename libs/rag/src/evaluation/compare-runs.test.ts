import { InvalidArgumentError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { compareRuns } from './compare-runs.js';
import type { RunEvaluation } from './evaluate-run.js';

function evaluationOf(values: readonly number[]): RunEvaluation {
  return {
    means: { map: values.reduce((sum, value) => sum + value, 0) / values.length },
    perQuery: new Map(values.map((map, query) => [String(query), { map }])),
  };
}

describe('compareRuns', () => {
  it('comes near the exact p-value of all sign assignments', () => {
    const before = [0.1, 0.4, 0.3, 0.5, 0.2, 0.6, 0.1, 0.3];
    const after = [0.3, 0.5, 0.2, 0.9, 0.5, 0.7, 0.05, 0.6];
    const differences = after.map((value, index) => value - (before[index] ?? 0));
    const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
    let asLarge = 0;
    for (let signs = 0; signs < 256; signs += 1) {
      const total = differences.reduce((sum, d, bit) => sum + ((signs >> bit) & 1 ? d : -d), 0);
      if (Math.abs(total) >= observed - 1e-12) asLarge += 1;
    }
    const [comparison] = compareRuns({ first: evaluationOf(before), second: evaluationOf(after) });
    expect(comparison?.pValue).toBeCloseTo(asLarge / 256, 1);
    expect(Math.abs((comparison?.pValue ?? 1) - asLarge / 256)).toBeLessThan(0.01);
    expect(comparison).toMatchObject({ metric: 'map', queries: 8, better: 6, worse: 2 });
    expect(comparison?.difference).toBeCloseTo(observed / 8, 12);
  });

  it('finds no difference between a run and itself', () => {
    const same = evaluationOf([0.1, 0.9, 0.4]);
    expect(compareRuns({ first: same, second: same })[0]).toMatchObject({
      difference: 0,
      pValue: 1,
      interval: [0, 0],
      better: 0,
      worse: 0,
    });
  });

  it('is the same each time, and refuses no rounds', () => {
    const options = { first: evaluationOf([0.1, 0.3, 0.2]), second: evaluationOf([0.4, 0.1, 0.3]) };
    expect(compareRuns(options)).toEqual(compareRuns(options));
    expect(() => compareRuns({ ...options, rounds: 0 })).toThrow(InvalidArgumentError);
  });
});
