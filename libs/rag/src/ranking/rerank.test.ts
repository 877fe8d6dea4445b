import { createMockModel } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { createBm25Index } from '../lexical/create-bm25-index.js';
import { boostScores } from './boost-scores.js';
import { createLanguageModelReranker } from './create-language-model-reranker.js';
import { createMatchScorer } from './create-match-scorer.js';
import { dropDuplicates } from './drop-duplicates.js';
import { expandWithFeedback } from './expand-with-feedback.js';
import { identifiersOf, identifierShare } from './internal/identifiers.js';

function indexOf(texts: Readonly<Record<string, string>>) {
  const index = createBm25Index();
  for (const [id, text] of Object.entries(texts)) index.set(id, text);
  return index;
}

describe('createLanguageModelReranker', () => {
  const texts = ['a', 'b', 'c', 'd'];
  const rerank = async (turns: readonly string[], window?: number) => {
    const model = createMockModel({ turns });
    const reranker = createLanguageModelReranker({
      model,
      ...(window === undefined ? {} : { window }),
    });
    const { ranking, warnings } = await reranker.doRerank({ query: 'q', texts });
    return { order: ranking.map(({ index }) => texts[index]).join(''), warnings, model };
  };

  it('orders texts by the numbers that the model gives; what it leaves out follows', async () => {
    expect((await rerank(['{"order": [3, 9, 3, 1]}'])).order).toBe('cabd');
  });

  it('lets the best rise from window to window', async () => {
    const { order, model } = await rerank(
      ['{"order": [2, 1]}', '{"order": [2, 1]}', '{"order": [2, 1]}'],
      2,
    );
    expect(order).toBe('dabc');
    expect(model.calls).toHaveLength(3);
  });

  it('keeps the order and warns where the answer is of no use', async () => {
    const { order, warnings } = await rerank(['no']);
    expect(order).toBe('abcd');
    expect(warnings).toHaveLength(1);
  });
});

describe('createMatchScorer', () => {
  const index = indexOf({
    row: 'The frozen river is wide.',
    apart: 'The river froze; long after that many others of all kinds were also seen frozen.',
    none: 'A desert.',
  });
  const scorer = createMatchScorer({ index, query: 'frozen river' });

  it('tells words in a row from words apart', () => {
    const row = scorer.score('row');
    const apart = scorer.score('apart');
    expect(row.coverage).toBeCloseTo(1);
    expect(row.ordered).toBeGreaterThan(apart.ordered);
    expect(apart.ordered).toBe(0);
    expect(scorer.score('none')).toEqual({ coverage: 0, ordered: 0, near: 0 });
  });

  it('measures any text, and gives nothing for a query without words', () => {
    expect(scorer.coverageOf('Rivers, frozen')).toBeCloseTo(1);
    const empty = createMatchScorer({ index, query: 'the' });
    expect(empty.score('row').coverage + empty.coverageOf('river')).toBe(0);
  });
});

describe('identifiersOf', () => {
  it('finds names that are written as in code', () => {
    const names = identifiersOf(
      'What do getUserName, max_retry and os.path do in `x of`, not In English?',
    );
    expect(names).toEqual(['getUserName', 'max_retry', 'os.path', 'x of']);
    expect(identifierShare(names, 'getUserName(max_retry)')).toBe(0.5);
    expect(identifierShare([], 'x')).toBe(0);
  });
});

describe('dropDuplicates', () => {
  it('keeps the first of texts that say the same', () => {
    const text = 'one two three four five six seven eight nine ten';
    expect(dropDuplicates([text, 'other', text.toUpperCase(), `${text} eleven`, 'Other!'])).toEqual(
      [0, 1],
    );
    expect(dropDuplicates([text, `${text} eleven`], { likeness: 1 })).toEqual([0, 1]);
  });
});

describe('boostScores', () => {
  const now = Date.parse('2026-01-31');
  it('adds for fields and for what is new', () => {
    const scores = boostScores({
      scores: [1, 1, 1, 1],
      metadata: [{ kind: 'guide' }, { kind: ['x', 'guide'] }, { at: '2026-01-01' }, { at: 'soon' }],
      boosts: [
        { kind: 'field', field: 'kind', value: 'guide', weight: 0.5 },
        { kind: 'recency', field: 'at', halfLifeDays: 30, weight: 1 },
      ],
      now,
    });
    expect(scores).toEqual([1.5, 1.5, 1.5, 1]);
  });

  it('refuses a half-life that is none', () => {
    const boosts = [{ kind: 'recency', field: 'at', halfLifeDays: 0, weight: 1 }] as const;
    expect(() => boostScores({ scores: [], metadata: [], boosts, now })).toThrow(/halfLifeDays/u);
  });
});

describe('expandWithFeedback', () => {
  it('finds texts that share words only with the first results', () => {
    const index = indexOf({
      a: 'car engine piston',
      b: 'engine piston valve',
      ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`x${n}`, `tree leaf${n}`])),
    });
    const plain = index.search({ query: 'car', topK: 5 }).matches.map(({ id }) => id);
    const query = expandWithFeedback({ index, query: 'car' });
    expect(plain).toEqual(['a']);
    expect(index.search({ query, topK: 5 }).matches.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(expandWithFeedback({ index, query: 'nowhere' })).toHaveLength(1);
  });
});
