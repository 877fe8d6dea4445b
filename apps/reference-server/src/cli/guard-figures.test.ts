import { describe, expect, it } from 'vitest';
import { measureScores, precisionRecallCurve, type LabelledScore } from './guard-figures.js';
import { renderGuardReport } from './guard-report.js';

const row = (score: number, label: 0 | 1, flagged = score > 0.5): LabelledScore => ({
  score,
  label,
  flagged,
});

describe('the figures of scores', () => {
  it('are those of scikit-learn', () => {
    // average_precision_score([0, 1, 1, 0, 1], [.1, .9, .4, .6, .6]) and roc_auc_score of the same.
    const rows = [row(0.1, 0), row(0.9, 1), row(0.4, 1), row(0.6, 0), row(0.6, 1)];
    const figures = measureScores(rows);
    expect(figures).toMatchObject({ rows: 5, positives: 3, auprc: 0.8056, auroc: 0.75 });
    expect(figures).toMatchObject({ precision: 0.6667, recall: 0.6667, f1: 0.6667 });
    expect(figures.falsePositiveRate).toBe(0.5);
    expect(figures.recallAt1PercentFpr).toBe(0.3333);
    expect(precisionRecallCurve(rows).at(-1)).toEqual({ recall: 1, precision: 0.6 });
  });

  it('leave out what one kind of rows alone does not tell', () => {
    expect(measureScores([row(0.9, 1)])).toEqual({
      rows: 1,
      positives: 1,
      precision: 1,
      recall: 1,
      f1: 1,
    });
    expect(measureScores([])).toEqual({ rows: 0, positives: 0 });
  });
});

it('the report shows wrong rows, surest first, and lets no text become markup', () => {
  const rows = [
    { ...row(0.6, 0), id: 1, text: '<b>mild</b>', categories: ['hate'] },
    { ...row(0.9, 0), id: 2, text: 'sure', categories: [] },
    { ...row(0.2, 1), id: 3, text: 'missed', categories: [] },
  ];
  const html = renderGuardReport({
    task: 'moderation',
    figures: measureScores(rows),
    facts: {},
    rows,
  });
  expect(html).toContain('False positives: 2');
  expect(html).toContain('Misses: 1');
  expect(html).toContain('&lt;b&gt;mild');
  expect(html.indexOf('sure')).toBeLessThan(html.indexOf('&lt;b&gt;mild'));
});
