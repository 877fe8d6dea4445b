import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateRun } from './evaluate-run.js';
import { formatRun, parseRun } from './run.js';

/** Made by `bench/retrieval/make-metric-fixture.py` with ir_measures 0.4.3, which asks trec_eval. */
const reference = JSON.parse(
  readFileSync(new URL('__fixtures__/trec-eval.json', import.meta.url), 'utf8'),
) as {
  judgements: [string, string, number][];
  run: [string, string, number][];
  perQuery: Record<string, Record<string, number>>;
};

function judgementsOf(rows: readonly [string, string, number][]): Map<string, Map<string, number>> {
  const judgements = new Map<string, Map<string, number>>();
  for (const [query, passage, grade] of rows) {
    judgements.set(query, (judgements.get(query) ?? new Map<string, number>()).set(passage, grade));
  }
  return judgements;
}

describe('evaluateRun', () => {
  it('gives what trec_eval gives, query by query', async () => {
    const lines = reference.run.map(
      ([query, passage, score]) => `${query} Q0 ${passage} 0 ${score} x`,
    );
    const { rows } = await parseRun({ file: 'run', lines });
    const { perQuery } = evaluateRun({ run: rows, judgements: judgementsOf(reference.judgements) });
    expect([...perQuery.keys()].sort()).toEqual(Object.keys(reference.perQuery).sort());
    for (const [query, metrics] of Object.entries(reference.perQuery)) {
      for (const [name, value] of Object.entries(metrics)) {
        expect(perQuery.get(query)?.[name], `${query} ${name}`).toBeCloseTo(value, 10);
      }
    }
  });

  it('counts a judged query that the run leaves out as 0, and leaves out one without a relevant passage', () => {
    const judgements = judgementsOf([
      ['a', '1', 1],
      ['b', '1', 1],
      ['c', '1', 0],
    ]);
    const run = new Map([['a', [{ id: '1', score: 1 }]]]);
    const { means, perQuery } = evaluateRun({ run, judgements });
    expect([...perQuery.keys()]).toEqual(['a', 'b']);
    expect(means['ndcg@10']).toBe(0.5);
  });

  it('counts a passage once, however often a run names it', () => {
    const run = new Map([
      [
        'a',
        [
          { id: '1', score: 2 },
          { id: '1', score: 1 },
        ],
      ],
    ]);
    const { means } = evaluateRun({
      run,
      judgements: judgementsOf([
        ['a', '1', 1],
        ['a', '2', 1],
      ]),
    });
    expect(means['recall@10']).toBe(0.5);
  });
});

describe('formatRun', () => {
  it('keeps the order of equal and nearly equal scores for readers that sort by score', async () => {
    const passages = ['c', 'a', 'b', 'd'].map((id, n) => ({
      id,
      score: n === 3 ? 0.4999999 : 0.5,
    }));
    const text = [...formatRun(new Map([['q', passages]]), 'my run')];
    expect(text[0]).toBe('q Q0 c 1 0.500000 my-run\n');
    const { rows, problems } = await parseRun({ file: 'run', lines: text });
    expect(problems).toEqual([]);
    expect(rows.get('q')?.map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd']);
  });
});
