import { describe, expect, it } from 'vitest';
import { averagePrecision, classificationMetrics } from './classification-metrics.js';
import { rankingMetrics } from './ranking-metrics.js';

describe('measures of an evaluation', () => {
  it('ranks by score, and what cannot be told apart by the worst order', () => {
    const lists = [
      { scores: [0.1, 0.9, 0.5], gains: [1, 0, 0] },
      { scores: [1, 1], gains: [1, 0] },
      { scores: [3, 2, 1], gains: [1, 0, 1] },
      { scores: [1], gains: [0] },
    ];
    const found = rankingMetrics(lists);
    expect(found?.recall_at_1).toBeCloseTo((0 + 0 + 0.5) / 3);
    expect(found?.recall_at_10).toBe(1);
    expect(found?.mrr_at_10).toBeCloseTo((1 / 3 + 1 / 2 + 1) / 3);
    const third = (1 + 1 / 2) / (1 + 1 / Math.log2(3));
    expect(found?.ndcg_at_10).toBeCloseTo((1 / 2 + 1 / Math.log2(3) + third) / 3);
    expect(rankingMetrics([{ scores: [1], gains: [0] }])).toBeUndefined();
  });

  it('gives the average precision of scikit-learn, equal scores being one step', () => {
    const right = [false, false, true, true];
    expect(averagePrecision([0.1, 0.4, 0.35, 0.8], right)).toBeCloseTo(0.8333333, 6);
    expect(averagePrecision([0.5, 0.5, 0.5, 0.5], right)).toBeCloseTo(0.5, 6);
    expect(averagePrecision([1], [false])).toBeUndefined();
  });

  it('averages F1 over labels, for one label a text and for several', () => {
    const single = classificationMetrics({
      scores: [
        [2, 1, 0],
        [0, 1, 0],
        [3, 1, 0],
      ],
      labels: [[0], [1], [1]],
      count: 3,
      isMulti: false,
    });
    expect(single.accuracy).toBeCloseTo(2 / 3);
    expect(single.macro_f1).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3);
    const several = classificationMetrics({
      scores: [
        [1, -1],
        [1, 1],
        [-1, -1],
      ],
      labels: [[0], [1], []],
      count: 2,
      isMulti: true,
    });
    expect(several.accuracy).toBeCloseTo(2 / 3);
    expect(several.macro_f1).toBeCloseTo((2 / 3 + 1) / 2);
  });
});
