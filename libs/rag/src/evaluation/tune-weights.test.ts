import { createSeededRandom, InvalidArgumentError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { tuneWeights, type TunableWeights } from './tune-weights.js';

const queries = Array.from({ length: 60 }, (_, n) => `q${n}`);
const start = { good: 1, bad: 1, idle: 1 };

/** Every query gains by `good` and loses by `bad`, each in its own measure. */
function evaluator() {
  const asked: TunableWeights[] = [];
  const random = createSeededRandom(3);
  const measure = new Map(queries.map((query) => [query, 0.5 + random.next()]));
  return {
    asked,
    evaluate(weights: TunableWeights) {
      asked.push(weights);
      const { good = 0, bad = 0 } = weights;
      const score = (query: string): number =>
        0.3 + (0.1 * good - 0.1 * bad) * (measure.get(query) ?? 1);
      return Promise.resolve(new Map(queries.map((query) => [query, score(query)])));
    },
  };
}

describe('tuneWeights', () => {
  it('finds what is better, and shows it on queries that did not choose it', async () => {
    const { asked, evaluate } = evaluator();
    const result = await tuneWeights({ start, queries, evaluate });
    expect(result.isAccepted).toBe(true);
    expect(result.weights).toEqual({ good: 2, bad: 0, idle: 1 });
    expect(result.heldOut.difference).toBeGreaterThan(0.1);
    expect(result.heldOut.queries).toBe(18);
    expect(result.crossValidation.queries).toBe(42);
    expect(result.crossValidation.pValue).toBeLessThan(0.01);
    expect(new Set(asked.map((weights) => JSON.stringify(weights))).size).toBe(asked.length);
    expect(result.evaluations).toBe(asked.length);
  });

  it('keeps the start where what looks better is chance', async () => {
    const noise = createSeededRandom(8);
    const evaluate = () => Promise.resolve(new Map(queries.map((query) => [query, noise.next()])));
    const result = await tuneWeights({ start, queries, evaluate, seed: 2 });
    expect(result.development.difference).toBeGreaterThan(0);
    expect(result.isAccepted).toBe(false);
    expect(result.weights).toEqual(start);
  });

  it('tries the legs and factors that it is told, and tells how far it is', async () => {
    const { asked, evaluate } = evaluator();
    const progress: number[] = [];
    const result = await tuneWeights({
      start,
      queries,
      evaluate,
      legs: ['bad'],
      factors: [0.5],
      onProgress: (evaluated) => progress.push(evaluated),
    });
    expect(result.weights).toEqual({ good: 1, bad: 0.5, idle: 1 });
    expect(asked).toHaveLength(2);
    expect(progress).toEqual([1, 2]);
  });

  it('refuses too few queries and options out of range, and stops when aborted', async () => {
    const { evaluate } = evaluator();
    const tune = (more: object) => tuneWeights({ start, queries, evaluate, ...more });
    await expect(tune({ queries: ['q1'] })).rejects.toThrow(InvalidArgumentError);
    await expect(tune({ holdout: 1 })).rejects.toThrow(InvalidArgumentError);
    await expect(tune({ folds: 1 })).rejects.toThrow(InvalidArgumentError);
    const abortSignal = AbortSignal.abort(new Error('enough'));
    await expect(tune({ abortSignal })).rejects.toThrow('enough');
  });
});
