import { describe, expect, it } from 'vitest';
import { evaluateChunking } from './evaluate-chunking.js';
import { parseChunkingQuestions } from './parse-chunking-questions.js';

describe('evaluateChunking', () => {
  it('gives recall, precision and IoU in characters', () => {
    const question = { question: '?', documentId: 'd', references: [{ start: 10, end: 30 }] };
    const found = [
      { documentId: 'd', span: { start: 0, end: 20 } },
      { documentId: 'd', span: { start: 40, end: 60 } },
      { documentId: 'other', span: { start: 10, end: 30 } },
    ];
    const metrics = evaluateChunking([{ question, found }]);
    expect(metrics.recall).toBeCloseTo(10 / 20, 12);
    expect(metrics.precision).toBeCloseTo(10 / 60, 12);
    expect(metrics.iou).toBeCloseTo(10 / 70, 12);
  });

  it('counts text that two chunks hold once for recall and twice for precision', () => {
    const question = { question: '?', documentId: 'd', references: [{ start: 0, end: 10 }] };
    const span = { start: 0, end: 10 };
    const metrics = evaluateChunking([
      {
        question,
        found: [
          { documentId: 'd', span },
          { documentId: 'd', span },
        ],
      },
    ]);
    expect(metrics).toEqual({ recall: 1, precision: 0.5, iou: 0.5 });
  });
});

describe('parseChunkingQuestions', () => {
  const textOf = (id: string): string | undefined => (id === 'd' ? '😀abc' : undefined);

  it('reads quoted cells and counts positions in code points', () => {
    const csv =
      'question,references,corpus_id\r\n"What, is ""a""?","[{""content"": ""a"", ""start_index"": 1, ""end_index"": 2}]",d\r\n';
    const { rows, problems } = parseChunkingQuestions({ file: 'q.csv', csv, textOf });
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      { question: 'What, is "a"?', documentId: 'd', references: [{ start: 2, end: 3 }] },
    ]);
  });

  it('tells the line of each malformed row', () => {
    const csv = 'question,references,corpus_id\n"a\nb",[],d\nc,nothing,d\nd,[],elsewhere\n';
    const { rows, problems } = parseChunkingQuestions({ file: 'q.csv', csv, textOf });
    expect(rows).toEqual([]);
    expect(problems.map(({ line }) => line)).toEqual([2, 4, 5]);
    expect(parseChunkingQuestions({ file: 'q.csv', csv: 'x,y\n', textOf }).problems).toHaveLength(
      1,
    );
  });
});
