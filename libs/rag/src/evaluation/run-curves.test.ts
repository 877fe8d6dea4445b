import { describe, expect, it } from 'vitest';
import { precisionRecallCurve, recallCurve } from './run-curves.js';

const ranked = (...ids: string[]) => ids.map((id, n) => ({ id, score: -n }));
const judgements = new Map([
  [
    'q1',
    new Map([
      ['a', 1],
      ['b', 2],
      ['x', 0],
    ]),
  ],
  ['q2', new Map([['c', 1]])],
  ['unanswered', new Map([['a', 0]])],
]);

describe('recallCurve', () => {
  it('gives the mean share of relevant passages among the first, 0 for a query left out', () => {
    const run = new Map([['q1', ranked('a', 'x', 'b')]]);
    expect(recallCurve({ run, judgements, depths: [1, 2, 3, 100] })).toEqual([
      [1, 0.25],
      [2, 0.25],
      [3, 0.5],
      [100, 0.5],
    ]);
  });
});

describe('precisionRecallCurve', () => {
  it('takes the best precision at each recall or beyond it', () => {
    // q1: precisions 1/2 at recall .5 and 2/3 at recall 1, so 2/3 throughout; q2: 1 throughout.
    const run = new Map([
      ['q1', ranked('x', 'a', 'b')],
      ['q2', ranked('c', 'a')],
    ]);
    const curve = precisionRecallCurve({ run, judgements });
    expect(curve).toHaveLength(11);
    for (const [, precision] of curve) expect(precision).toBeCloseTo((2 / 3 + 1) / 2, 10);
  });

  it('is 0 beyond the recall that is reached, and counts a passage once', () => {
    const run = new Map([['q1', ranked('a', 'a', 'x')]]);
    const curve = precisionRecallCurve({ run, judgements });
    expect(curve[5]?.[1]).toBe(0.5);
    expect(curve[6]?.[1]).toBe(0);
  });
});
