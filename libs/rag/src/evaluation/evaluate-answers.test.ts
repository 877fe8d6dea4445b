import { describe, expect, it } from 'vitest';
import type { AnswerCase, AnswerQuestion } from './answer-case.js';
import { evaluateAnswers, type ClaimSupport } from './evaluate-answers.js';

const question = (given: Partial<AnswerQuestion> = {}): AnswerQuestion => ({
  id: '1',
  question: 'When did it open?',
  references: [],
  gold: [],
  isAnswerable: true,
  ...given,
});
const passage = (index: number, text: string) => ({
  id: `p${index}`,
  documentId: `d${index}`,
  source: `${index}.md`,
  text,
  index,
});
/** A claim is supported where the evidence together holds each of its words. */
const supports: ClaimSupport = ({ claim, evidence }) => {
  const held = evidence.join(' ').toLowerCase();
  return (claim.toLowerCase().match(/\w+/gu) ?? []).every((word) => held.includes(word));
};
const evaluate = (cases: readonly AnswerCase[]) => evaluateAnswers({ cases, supports });

describe('evaluateAnswers', () => {
  it('tells what the shown passages support from what the cited ones do', async () => {
    const { metrics, results } = await evaluate([
      {
        question: question(),
        answer: 'It opened 1884 [1]. It closed 1901 [1]. It burned 1999.',
        passages: [passage(1, 'it opened 1884'), passage(2, 'it closed 1901')],
      },
    ]);
    expect(
      results[0]?.claims.map(({ isFaithful, isSupported }) => [isFaithful, isSupported]),
    ).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
    expect(metrics['faithfulness']?.mean).toBeCloseTo(2 / 3, 10);
    expect(metrics['citationRecall']?.mean).toBeCloseTo(1 / 3, 10);
    expect(metrics['citedClaims']?.mean).toBeCloseTo(2 / 3, 10);
    expect(metrics['citationPrecision']?.mean).toBe(0.5);
  });

  it('counts a citation as needed only where the others do not do without it', async () => {
    const shown = [passage(1, 'opened in 1884'), passage(2, 'in Paris'), passage(3, 'trees')];
    const precision = async (answer: string) =>
      (await evaluate([{ question: question(), answer, passages: shown }])).metrics[
        'citationPrecision'
      ]?.mean;
    expect(await precision('Opened 1884 [1].')).toBe(1);
    expect(await precision('Opened 1884 [1][3].')).toBe(0.5);
    expect(await precision('Opened 1884 Paris [1][2].')).toBe(1);
    expect(await precision('Opened 1884 [1][9].')).toBe(0.5);
    expect(await precision('Closed 1884 [1].')).toBe(0);
  });

  it('measures against references without the markers, and counts a wrong silence as nothing', async () => {
    const asked = question({ references: ['1884'] });
    const { metrics, results } = await evaluate([
      { question: asked, answer: '1884 [1]', passages: [passage(1, '1884')] },
      { question: { ...asked, id: '2' }, answer: 'I do not know.', passages: [] },
    ]);
    expect(results.map(({ isDeclined }) => isDeclined)).toEqual([false, true]);
    expect(metrics['exactMatch']).toMatchObject({ mean: 0.5, count: 2 });
    expect(metrics['faithfulness']).toMatchObject({ mean: 1, count: 1 });
  });

  it('finds gold passages by document, source and quote among those shown and cited', async () => {
    const gold = [{ document: '1.md' }, { quote: 'in  Paris' }];
    const { metrics } = await evaluate([
      {
        question: question({ gold }),
        answer: 'Opened [1][3].',
        passages: [passage(1, 'opened'), passage(2, 'It is in Paris.'), passage(3, 'trees')],
      },
    ]);
    expect(metrics['shownGold']?.mean).toBe(1);
    expect(metrics['goldRecall']?.mean).toBe(0.5);
    expect(metrics['goldPrecision']?.mean).toBe(0.5);
  });

  it('measures silence, and the signal of the retriever, only where some questions have no answer', async () => {
    const none = 'There is not enough information.';
    const one = (id: string, isAnswerable: boolean, answer: string, hasEvidence: boolean) => ({
      question: question({ id, isAnswerable }),
      answer,
      passages: [passage(1, 'opened')],
      hasEvidence,
    });
    const { metrics } = await evaluate([
      one('1', true, 'Opened [1].', true),
      one('2', true, none, true),
      one('3', false, none, false),
      one('4', false, 'Opened [1].', true),
    ]);
    expect(metrics['abstentionPrecision']).toMatchObject({ mean: 0.5, count: 2 });
    expect(metrics['abstentionRecall']).toMatchObject({ mean: 0.5, count: 2 });
    expect(metrics['evidencePrecision']).toMatchObject({ mean: 1, count: 1 });
    expect(metrics['evidenceRecall']).toMatchObject({ mean: 0.5, count: 2 });
    const answerable = await evaluate([one('1', true, none, false)]);
    expect(answerable.metrics).not.toHaveProperty('abstentionRecall');
  });

  it('gives an interval that holds the mean, the same each time', async () => {
    const cases = Array.from({ length: 20 }, (_, n) => ({
      question: question({ id: String(n), references: [n < 15 ? '1884' : '1901'] }),
      answer: '1884',
      passages: [],
    }));
    const first = await evaluate(cases);
    const { interval, mean } = first.metrics['exactMatch'] ?? { interval: [0, 0], mean: 0 };
    expect(mean).toBe(0.75);
    expect(interval[0]).toBeGreaterThan(0.4);
    expect(interval[0]).toBeLessThan(0.75);
    expect(interval[1]).toBeGreaterThan(0.75);
    expect(await evaluate(cases)).toEqual(first);
  });

  it('stops when it is aborted', async () => {
    const stop = AbortSignal.abort();
    await expect(
      evaluateAnswers({
        cases: [{ question: question(), answer: 'a', passages: [] }],
        supports,
        abortSignal: stop,
      }),
    ).rejects.toThrow(/abort/iu);
  });
});
