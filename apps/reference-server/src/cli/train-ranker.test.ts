import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRankerModel } from '@espalier/rag/ranking';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../errors/exit-codes.js';
import { runProgram } from './run-cli.js';

const CROSS_ENCODER = new URL(
  '../../../../libs/encoders/src/__fixtures__/cross-encoders/bert',
  import.meta.url,
).pathname;
const THINGS =
  'rail job key lock gate path node leaf tree root seed soil rain wind snow lake hill cave road bridge wheel'.split(
    ' ',
  );

let folder: string;
let out = '';
let err = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'espalier-ranker-test-'));
  const lines = (rows: readonly unknown[]): string =>
    rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const passages = THINGS.flatMap((thing) => [
    { _id: thing, title: thing, text: `What a ${thing} is and how it is used.` },
    { _id: `${thing}-list`, text: `A ${thing}, a ${thing} and another ${thing}.` },
  ]);
  const qrels = THINGS.map((thing) => `${thing}\t${thing}\t1`);
  const clicks = THINGS.flatMap((thing, n) => [
    `${thing}\t${thing}\t${(n % 2) + 1}\t1`,
    `${thing}\t${thing}-list\t${2 - (n % 2)}\t0`,
  ]);
  writeFileSync(join(folder, 'corpus.jsonl'), lines(passages));
  writeFileSync(
    join(folder, 'queries.jsonl'),
    lines(THINGS.map((thing) => ({ _id: thing, text: `what is a ${thing} for` }))),
  );
  writeFileSync(join(folder, 'qrels.tsv'), `query-id\tcorpus-id\tscore\n${qrels.join('\n')}\n`);
  writeFileSync(join(folder, 'clicks.tsv'), `${clicks.join('\n')}\nbroken\n`);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
// The first run of a command loads its libraries from sources.
vi.setConfig({ testTimeout: 60_000 });
beforeEach(() => {
  out = '';
  err = '';
});

function run(...args: string[]): Promise<number> {
  const given = [...args, '--corpus', 'corpus.jsonl', '--queries', 'queries.jsonl'];
  return runProgram([...given, '--profile', 'speed'], {
    environment: {},
    directory: folder,
    isTerminal: false,
    out: (text) => (out += text),
    err: (text) => (err += text),
    abortSignal: new AbortController().signal,
    endAtNextSignal: () => undefined,
  });
}
const train = (...args: string[]): Promise<number> => run('train-ranker', ...args);
const measure = (...args: string[]): Promise<number> =>
  run('eval', 'retrieval', '--qrels', 'qrels.tsv', ...args);

describe('espalier train-ranker', () => {
  it('learns from judgements, says what is gained, and writes a ranker that eval retrieval reads', async () => {
    expect(await train('--qrels', 'qrels.tsv', '--out', 'ranker.json', '--json')).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject({
      judgedQueries: THINGS.length,
      crossValidation: { metric: 'ndcg@10', queries: THINGS.length },
      isBetter: expect.any(Boolean) as boolean,
    });
    out = '';
    expect(await measure('--ranker', 'ranker.json', '--json')).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject({ judgedQueries: THINGS.length });
  });

  it('leaves out what knowledge bases do not know where it is to rank in one', async () => {
    const featuresOf = async (file: string, ...args: string[]): Promise<readonly string[]> => {
      const given = ['--qrels', 'qrels.tsv', '--trees', '2', '--out', file, ...args];
      expect(await train(...given)).toBe(EXIT.ok);
      return parseRankerModel(readFileSync(join(folder, file), 'utf8')).features;
    };
    const apart = ['neighborsZ', 'age'];
    expect(await featuresOf('all.json')).toEqual(expect.arrayContaining(apart));
    const own = await featuresOf('own.json', '--for', 'knowledge-base');
    expect(own).toEqual(expect.arrayContaining(['score', 'bm25Z', 'parentBm25Z']));
    expect(own.filter((name) => apart.includes(name))).toEqual([]);
  });

  it('learns from clicks, and tells of rows that are malformed', async () => {
    expect(await train('--clicks', 'clicks.tsv', '--out', 'clicked.json', '--trees', '2')).toBe(
      EXIT.ok,
    );
    expect(err).toMatch(/clicks\.tsv:43/u);
    expect(out).toMatch(/cross-validated\s+21/u);
    expect(readFileSync(join(folder, 'clicked.json'), 'utf8')).toMatch(/"sha256":"[0-9a-f]{64}"/u);
  });

  it('wants judgements or clicks, and enough of them', async () => {
    expect(await train('--out', 'x.json')).toBe(EXIT.usage);
    expect(err).toMatch(/one of the two/u);
    writeFileSync(join(folder, 'few.tsv'), 'rail\trail\t1\n');
    expect(await train('--qrels', 'few.tsv', '--out', 'x.json', '--json')).toBe(EXIT.failure);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'ERR_RAG_RANKER_DATA' } });
  });

  it('refuses a ranker that is damaged, of another schema or not there', async () => {
    const file = join(folder, 'damaged.json');
    writeFileSync(file, '{"format":"espalier-ranker","schema":0}');
    expect(await measure('--ranker', 'damaged.json')).toBe(EXIT.failure);
    expect(err).toMatch(/schema 0/u);
    expect(await measure('--ranker', 'nowhere.json')).toBe(EXIT.usage);
  });
});

describe('espalier eval retrieval --reranker', () => {
  it('orders the first passages by a cross-encoder', async () => {
    const args = ['--reranker', CROSS_ENCODER, '--rerank-depth', '5', '--threads', '1'];
    expect(await measure(...args, '--run', 'reranked.trec', '--json')).toBe(EXIT.ok);
    const lines = readFileSync(join(folder, 'reranked.trec'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(THINGS.length * THINGS.length * 2);
  });

  it('refuses options that are none, and a folder without a model', async () => {
    expect(await measure('--reranker', CROSS_ENCODER, '--rerank-weight', '2')).toBe(EXIT.usage);
    expect(await measure('--reranker', CROSS_ENCODER, '--rerank-depth', '0')).toBe(EXIT.usage);
    expect(await measure('--reranker', 'nowhere')).toBe(EXIT.failure);
    expect(err).toMatch(/nowhere/u);
  });
});
