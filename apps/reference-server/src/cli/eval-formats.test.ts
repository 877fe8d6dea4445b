import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { EXIT } from '../errors/exit-codes.js';

// BEIR's collections as they are found: what a file may hold that the format's description does not mention.

const cli = createCommandLine();
const { folder } = cli;
// The first run of a command loads its libraries from sources.
vi.setConfig({ testTimeout: 60_000 });

const write = (name: string, content: string | Buffer): void => {
  writeFileSync(join(folder, name), content);
};
const lines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const filler = (count: number): unknown[] =>
  Array.from({ length: count }, (_, n) => ({
    _id: `filler/${n}`,
    title: '',
    text: `Remark ${n} on weather, roads and ships.`,
    metadata: {},
  }));
const retrieval = (files: {
  corpus: string;
  queries?: string;
  qrels?: string;
  more?: readonly string[];
}): Promise<number> =>
  cli.run([
    ...['eval', 'retrieval', '--profile', 'speed', '--json'],
    ...['--corpus', files.corpus],
    ...['--queries', files.queries ?? 'queries.jsonl'],
    ...['--qrels', files.qrels ?? 'qrels.tsv'],
    ...(files.more ?? []),
  ]);
const printed = (): Record<string, unknown> => JSON.parse(cli.out) as Record<string, unknown>;

write('queries.jsonl', lines([{ _id: 'q', text: 'who revokes a key' }]));
write('qrels.tsv', 'query-id\tcorpus-id\tscore\nq\tkeys\t1\n');
const KEYS = { _id: 'keys', title: 'Keys', text: 'An administrator revokes a key.' };

describe('a collection as it is found', () => {
  it('has ids with slashes, blanks and letters of any script, a byte order mark and grades of any size', async () => {
    const ids = ['doc/1 §', 'Über/größe', '漢字'];
    const corpus = [
      { _id: ids[0], title: 'Rails', text: 'A rail blocks text.', metadata: { url: 'x', year: 1 } },
      { _id: ids[1], text: 'A job is work in the background.' },
      { _id: ids[2], title: null, text: 'A key is revoked.', metadata: null },
      ...filler(150),
    ];
    write('odd-corpus.jsonl', `\uFEFF${lines(corpus).replaceAll('\n', '\r\n')}`);
    const queries = [
      { _id: 'a b', text: 'what blocks text' },
      { _id: '漢', text: 'which key is revoked', metadata: {} },
      { _id: 'unjudged', text: 'work in the background' },
      { _id: 'unknown words', text: 'zzyzx' },
    ];
    write('odd-queries.jsonl', lines(queries));
    write(
      'odd-qrels.tsv',
      `query-id\tcorpus-id\tscore\na b\t${ids[0]}\t2\na b\t${ids[1]}\t0\na b\t${ids[2]}\t-1\n漢\t${ids[2]}\t1\nnobody\tnowhere\t1\n漢\tgone\t0\n`,
    );
    const files = { corpus: 'odd-corpus.jsonl', queries: 'odd-queries.jsonl' };
    const more = ['--run', 'odd.trec'];
    expect(await retrieval({ ...files, qrels: 'odd-qrels.tsv', more })).toBe(EXIT.ok);
    // The judged query that nobody asks counts 0.
    expect(printed()).toMatchObject({ judgedQueries: 3, skippedRows: 0, passages: 153 });
    expect((printed()['metrics'] as Record<string, number>)['ndcg@10']).toBeCloseTo(2 / 3, 4);
    const rows = readFileSync(join(folder, 'odd.trec'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([6]));
    for (const { _id } of queries) {
      const own = rows.filter(([query]) => query === _id);
      expect(own.length).toBeGreaterThanOrEqual(100);
      expect(new Set(own.map(([, , id]) => id)).size).toBe(own.length);
      own.forEach(([, , , rank, score], at) => {
        expect(Number(rank)).toBe(at + 1);
        if (at > 0) expect(Number(score)).toBeLessThan(Number(own[at - 1]?.[4]));
      });
    }
    const same = ['eval', 'compare', 'odd.trec', 'odd.trec', '--qrels', 'odd-qrels.tsv', '--json'];
    expect(await cli.run(same)).toBe(EXIT.ok);
    const { comparisons } = printed() as { comparisons: { metric: string; first: number }[] };
    expect(comparisons.find(({ metric }) => metric === 'ndcg@10')?.first).toBeCloseTo(2 / 3, 4);
  });

  it('is ranked with the documents that passages belong to, and the run is of passages', async () => {
    const corpus = Array.from({ length: 120 }, (_, n) => ({
      _id: `p${n}`,
      title: '',
      text: n === 7 ? 'An administrator revokes a key.' : `Paragraph ${n} on other things.`,
      metadata: { document_id: Math.floor(n / 10), position: n % 10 },
    }));
    write('parts.jsonl', lines(corpus));
    write('parts.tsv', 'q\tp7\t1\n');
    const more = ['--run', 'parts.trec'];
    expect(await retrieval({ corpus: 'parts.jsonl', qrels: 'parts.tsv', more })).toBe(EXIT.ok);
    const rows = readFileSync(join(folder, 'parts.trec'), 'utf8').trim().split('\n');
    expect(rows.length).toBeGreaterThanOrEqual(100);
    expect(rows[0]).toMatch(/^q Q0 p7 1 /u);
  });
});

describe('a collection with faults', () => {
  it('is told of by line: duplicate ids, bytes that are no UTF-8, rows that are no objects; the rest is ranked', async () => {
    const bad = Buffer.concat([
      Buffer.from(`${lines([KEYS, KEYS])}"text"\n{"_id":"broken","text":"caf`),
      Buffer.from([0xe9, 0xff]),
      Buffer.from(`"}\n{"_id":"cut`),
    ]);
    write('bad.jsonl', bad);
    expect(await retrieval({ corpus: 'bad.jsonl' })).toBe(EXIT.ok);
    expect(printed()).toMatchObject({ passages: 2, skippedRows: 3, metrics: { mrr: 1 } });
    for (const line of [2, 3, 5]) expect(cli.err).toContain(`bad.jsonl:${line}: `);
    expect(await retrieval({ corpus: 'bad.jsonl', more: ['--strict'] })).toBe(EXIT.usage);
  });

  it('is refused in another encoding, and where nothing is judged', async () => {
    write('utf16.jsonl', Buffer.from(`\uFEFF${lines([KEYS])}`, 'utf16le'));
    expect(await retrieval({ corpus: 'utf16.jsonl' })).toBe(EXIT.usage);
    expect(printed()).toMatchObject({ error: { code: 'ERR_CLI_EVAL_INPUT' } });
    write('corpus.jsonl', lines([KEYS]));
    write('none.tsv', 'query-id\tcorpus-id\tscore\n');
    expect(await retrieval({ corpus: 'corpus.jsonl', qrels: 'none.tsv' })).toBe(EXIT.usage);
    write('no-queries.jsonl', '\n\n');
    expect(await retrieval({ corpus: 'corpus.jsonl', queries: 'no-queries.jsonl' })).toBe(
      EXIT.usage,
    );
  });

  it('may have an empty query, an empty passage and a line of ten million characters', async () => {
    const long = `${'weather and roads '.repeat(560_000)} An administrator revokes a key.`;
    expect(long.length).toBeGreaterThan(10_000_000);
    write('long.jsonl', lines([KEYS, { _id: 'empty', text: '' }, { _id: 'long', text: long }]));
    write(
      'empty-query.jsonl',
      lines([
        { _id: 'q', text: 'who revokes a key' },
        { _id: 'e', text: '' },
      ]),
    );
    const files = { corpus: 'long.jsonl', queries: 'empty-query.jsonl' };
    expect(await retrieval(files)).toBe(EXIT.ok);
    expect(printed()).toMatchObject({ passages: 3, queries: 2, metrics: { mrr: 1 } });
  });
});
