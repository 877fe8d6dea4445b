import { describe, expect, it } from 'vitest';
import { parseAnswerQuestions } from './parse-answer-questions.js';

const parse = (...rows: unknown[]) =>
  parseAnswerQuestions({
    file: 'questions.jsonl',
    lines: rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))),
  });

describe('parseAnswerQuestions', () => {
  it('reads a question alone, with the number of its line for an id', async () => {
    expect((await parse('', { question: 'Why?' })).rows).toEqual([
      { id: '2', question: 'Why?', references: [], gold: [], isAnswerable: true },
    ]);
  });

  it('reads references and gold passages in each of their forms', async () => {
    const { rows } = await parse(
      { id: 7, question: 'a', answer: 'x', gold: 'guide.md' },
      { id: 'b', question: 'b', answer: ['x', ' '], gold: [{ quote: 'words' }] },
      { id: 'c', question: 'c', answer: null, answerable: false },
    );
    expect(rows).toMatchObject([
      { id: '7', references: ['x'], gold: [{ document: 'guide.md' }] },
      { id: 'b', references: ['x'], gold: [{ quote: 'words' }] },
      { id: 'c', references: [], isAnswerable: false },
    ]);
  });

  it('tells of rows that are no questions', async () => {
    const { rows, problems } = await parse(
      { text: 'no question' },
      { question: 'a', gold: {} },
      '{"question":',
      { id: 'x', question: 'a' },
      { id: 'x', question: 'b' },
    );
    expect(rows).toHaveLength(1);
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 3, 5]);
  });
});
