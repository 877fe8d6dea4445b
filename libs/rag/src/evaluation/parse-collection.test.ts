import { describe, expect, it } from 'vitest';
import { parseCorpus, parseJudgements, parseQueries } from './parse-collection.js';
import { parseRun } from './run.js';

describe('parseCorpus', () => {
  it('reads rows with and without a title and a document', async () => {
    const { rows, problems } = await parseCorpus({
      file: 'corpus.jsonl',
      lines: [
        '\uFEFF{"_id":"a","title":"T","text":"x","metadata":{"document_id":"d","position":2,"url":"u"}}\r',
        '',
        '{"_id":7,"text":"y","metadata":{}}',
        '{"_id":"c","title":null,"text":"","metadata":null}',
      ],
    });
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      { id: 'a', title: 'T', text: 'x', documentId: 'd', position: 2 },
      { id: '7', title: '', text: 'y' },
      { id: 'c', title: '', text: '' },
    ]);
  });

  it('tells the line of each malformed row and keeps the others', async () => {
    const { rows, problems } = await parseCorpus({
      file: 'corpus.jsonl',
      lines: [
        '{"_id":"a","text":"x"}',
        '{"_id":',
        '{"_id":"b"}',
        '["c"]',
        '{"_id":"a","text":"z"}',
      ],
    });
    expect(rows.map(({ id }) => id)).toEqual(['a']);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    expect(problems[0]?.problem).toMatch(/not JSON/u);
    expect(problems[1]?.problem).toMatch(/^text: /u);
    expect(problems[3]?.problem).toMatch(/line 1/u);
  });
});

describe('parseQueries', () => {
  it('reads ids and texts', async () => {
    const { rows } = await parseQueries({ file: 'q', lines: ['{"_id":"1","text":"why?"}'] });
    expect(rows).toEqual([{ id: '1', text: 'why?' }]);
  });
});

describe('parseJudgements', () => {
  it('reads BEIR’s and TREC’s columns', async () => {
    const beir = await parseJudgements({
      file: 'qrels.tsv',
      lines: ['query-id\tcorpus-id\tscore', '1\ta b\t2'],
    });
    const trec = await parseJudgements({ file: 'qrels.txt', lines: ['1 0 a 2', '1 0 b -1'] });
    expect(beir.rows.get('1')?.get('a b')).toBe(2);
    expect([...(trec.rows.get('1') ?? [])]).toEqual([
      ['a', 2],
      ['b', -1],
    ]);
    expect([...beir.problems, ...trec.problems]).toEqual([]);
  });

  it('tells the line of each malformed row', async () => {
    const { rows, problems } = await parseJudgements({
      file: 'qrels.tsv',
      lines: ['query-id\tcorpus-id\tscore', '1\ta', '1\tb\tmuch', '\tc\t1', '2\td\t1'],
    });
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect([...rows.keys()]).toEqual(['2']);
  });
});

describe('parseRun', () => {
  it('tells the line of each malformed row', async () => {
    const { problems } = await parseRun({ file: 'run', lines: ['1 Q0 a 1 0.5 x', '1 Q0 a'] });
    expect(problems.map(({ line }) => line)).toEqual([2]);
  });
});
