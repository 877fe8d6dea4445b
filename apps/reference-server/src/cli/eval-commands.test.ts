import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { EXIT } from '../errors/exit-codes.js';

const cli = createCommandLine();
const { folder } = cli;

const PASSAGES = [
  { _id: 'rails', title: 'Rails', text: 'A rail allows, redacts or blocks text.' },
  { _id: 'jobs', title: 'Jobs', text: 'A job is work that goes on in the background.' },
  { _id: 'keys', title: 'Keys', text: 'A key is made once, rotated and revoked.' },
];

beforeAll(() => {
  const lines = (rows: readonly unknown[]): string =>
    rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(join(folder, 'corpus.jsonl'), lines(PASSAGES));
  writeFileSync(join(folder, 'broken.jsonl'), `${lines(PASSAGES)}{"_id": "late"\n`);
  writeFileSync(join(folder, 'empty.jsonl'), '');
  writeFileSync(
    join(folder, 'queries.jsonl'),
    lines([
      { _id: '1', text: 'what does a rail do to text' },
      { _id: '2', text: 'how is a key revoked' },
    ]),
  );
  writeFileSync(join(folder, 'qrels.tsv'), 'query-id\tcorpus-id\tscore\n1\trails\t1\n2\tkeys\t1\n');
  mkdirSync(join(folder, 'corpora'));
  writeFileSync(
    join(folder, 'corpora/guide.md'),
    '# Rails\n\nA rail blocks text.\n\n# Jobs\n\nA job is work.\n',
  );
  writeFileSync(
    join(folder, 'questions.csv'),
    'question,references,corpus_id\nWhat does a rail block?,"[{""content"":""A rail blocks text."",""start_index"":9,""end_index"":28}]",guide\n',
  );
});
// The first run of a command loads its libraries from sources.
vi.setConfig({ testTimeout: 60_000 });

function run(...args: string[]): Promise<number> {
  return cli.run(['eval', ...args]);
}

function retrieval(corpus: string, ...args: string[]): Promise<number> {
  return run(
    'retrieval',
    '--corpus',
    corpus,
    '--queries',
    'queries.jsonl',
    '--qrels',
    'qrels.tsv',
    '--profile',
    'speed',
    ...args,
  );
}

describe('espalier eval retrieval', () => {
  it('prints the metrics and writes every passage of the ranking, without a server', async () => {
    expect(await retrieval('corpus.jsonl', '--run', 'run.trec', '--json')).toBe(EXIT.ok);
    expect(JSON.parse(cli.out)).toMatchObject({
      profile: 'speed',
      passages: 3,
      judgedQueries: 2,
      skippedRows: 0,
      metrics: { 'ndcg@10': 1, mrr: 1, map: 1, 'recall@1': 1 },
    });
    const lines = readFileSync(join(folder, 'run.trec'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^1 Q0 rails 1 \S+ espalier-speed$/u);
  });

  it('gives latency, CPU time, bytes and the cost of embedding, and writes a report that loads nothing', async () => {
    expect(await retrieval('corpus.jsonl', '--html', 'report.html', '--json')).toBe(EXIT.ok);
    const { latencyMs, cpuSecondsPerQuery, indexBytes, embedding } = JSON.parse(cli.out) as {
      latencyMs: Record<string, number>;
      cpuSecondsPerQuery: number;
      indexBytes: Record<string, number>;
      embedding: Record<string, number>;
    };
    expect(Object.keys(latencyMs)).toEqual(['p50', 'p95', 'p99']);
    expect(cpuSecondsPerQuery).toBeGreaterThan(0);
    expect(indexBytes).toMatchObject({ vectors: PASSAGES.length * 256 * 4, tokenStates: 0 });
    expect(indexBytes['lexical']).toBeGreaterThan(0);
    expect(embedding['passagesPerCpuSecond']).toBeGreaterThan(0);
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    for (const part of [
      'Recall by depth',
      'Precision by recall',
      'each leg alone',
      'Worst queries',
    ])
      expect(html).toContain(part);
    expect(html).toContain('how is a key revoked');
    expect(html).not.toMatch(/(?:src|href)=|@import|url\(/u);
  });

  it('tells of a malformed row by its line and goes on, or fails where told to', async () => {
    expect(await retrieval('broken.jsonl')).toBe(EXIT.ok);
    expect(cli.err).toMatch(/broken\.jsonl:4: it is not JSON/u);
    expect(cli.out).toMatch(/ndcg@10\s+1\.0000/u);
    expect(await retrieval('broken.jsonl', '--strict')).toBe(EXIT.usage);
  });

  it('says what is wrong with a corpus that is empty or not there', async () => {
    expect(await retrieval('empty.jsonl')).toBe(EXIT.usage);
    expect(cli.err).toMatch(/empty\.jsonl holds no passage/u);
    expect(await retrieval('nowhere.jsonl', '--json')).toBe(EXIT.usage);
    expect(JSON.parse(cli.out)).toMatchObject({ error: { code: 'ERR_CLI_EVAL_INPUT' } });
  });
});

describe('espalier eval compare', () => {
  it('compares two runs', async () => {
    writeFileSync(join(folder, 'a.trec'), '1 Q0 jobs 1 2 a\n1 Q0 rails 2 1 a\n2 Q0 keys 1 1 a\n');
    writeFileSync(join(folder, 'b.trec'), '1 Q0 rails 1 2 b\n2 Q0 keys 1 1 b\n');
    expect(await run('compare', 'a.trec', 'b.trec', '--qrels', 'qrels.tsv', '--json')).toBe(
      EXIT.ok,
    );
    const { comparisons } = JSON.parse(cli.out) as { comparisons: { metric: string }[] };
    expect(comparisons.find(({ metric }) => metric === 'mrr')).toMatchObject({
      first: 0.75,
      second: 1,
      better: 1,
      worse: 0,
    });
  });
});

describe('espalier eval chunking', () => {
  it('prints recall, precision and IoU', async () => {
    const code = await run(
      'chunking',
      '--corpus',
      'corpora',
      '--questions',
      'questions.csv',
      '--profile',
      'speed',
      '--top',
      '1',
      '--json',
    );
    expect(code).toBe(EXIT.ok);
    const report = JSON.parse(cli.out) as Record<string, number>;
    expect(report.recall).toBe(1);
    expect(report.chunks).toBeGreaterThan(0);
    expect(report.precision).toBeCloseTo(19 / 52, 6);
  });

  it('measures the chunks themselves where asked to, and gives CPU seconds', async () => {
    const args = ['--corpus', 'corpora', '--questions', 'questions.csv', '--profile', 'speed'];
    expect(await run('chunking', ...args, '--passages', 'fixed', '--chunk-tokens', '8')).toBe(
      EXIT.ok,
    );
    expect(cli.out).toMatch(/recall.*cpu s/u);
    expect(await run('chunking', ...args, '--passages', 'long')).toBe(EXIT.usage);
  });

  it('writes a report that loads nothing, with plots and the worst questions', async () => {
    const args = ['--corpus', 'corpora', '--questions', 'questions.csv', '--profile', 'speed'];
    expect(await run('chunking', ...args, '--html', 'chunking.html')).toBe(EXIT.ok);
    const html = readFileSync(join(folder, 'chunking.html'), 'utf8');
    expect(html.match(/<svg/gu)).toHaveLength(4);
    for (const part of ['recall of each question', 'IoU of each question', 'Worst questions'])
      expect(html).toContain(part);
    expect(html).toContain('What does a rail block?');
    expect(html).toContain('A rail blocks text.');
    expect(html).not.toMatch(/(?:src|href)=|@import|url\(|NaN|undefined/u);
  });

  it('says that a folder holds no documents', async () => {
    expect(await run('chunking', '--corpus', 'nowhere', '--questions', 'questions.csv')).toBe(
      EXIT.usage,
    );
    expect(cli.err).toMatch(/nowhere/u);
  });
});

describe('espalier eval sweep', () => {
  const texts = ['rails block text', 'jobs go on', 'keys are revoked', 'maps show roads'];
  const write = (name: string, count: number): string[] => {
    const lines = (rows: readonly unknown[]): string =>
      rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const passages = texts.map((text, n) => ({ _id: `p${n}`, title: '', text }));
    const queries = Array.from({ length: count }, (_, n) => ({
      _id: `q${n}`,
      text: `${texts[n % texts.length] ?? ''} ${n}`,
    }));
    writeFileSync(join(folder, `${name}-corpus.jsonl`), lines(passages));
    writeFileSync(join(folder, `${name}-queries.jsonl`), lines(queries));
    writeFileSync(
      join(folder, `${name}-qrels.tsv`),
      queries.map(({ _id }, n) => `${_id}\tp${n % texts.length}\t1\n`).join(''),
    );
    return [
      ...['--corpus', `${name}-corpus.jsonl`],
      ...['--queries', `${name}-queries.jsonl`],
      ...['--qrels', `${name}-qrels.tsv`],
      ...['--profile', 'speed'],
    ];
  };

  it('keeps the weights of the profile where nothing is gained, and writes what eval retrieval reads', async () => {
    const files = write('sweep', 12);
    const code = await run('sweep', ...files, '--legs', 'bm25', '--out', 'weights.json', '--json');
    expect(cli.err).toBe('');
    expect(code).toBe(EXIT.ok);
    const report: unknown = JSON.parse(cli.out);
    expect(report).toMatchObject({ isAccepted: false, judgedQueries: 12, metric: 'ndcg@10' });
    expect(JSON.parse(readFileSync(join(folder, 'weights.json'), 'utf8'))).toEqual(report);
    expect(await run('retrieval', ...files, '--weights', 'weights.json', '--json')).toBe(EXIT.ok);
    expect(JSON.parse(cli.out)).toMatchObject({ metrics: { mrr: 1 } });
  });

  it('writes its evidence and weights as a report that loads nothing', async () => {
    const files = write('page', 12);
    expect(await run('sweep', ...files, '--legs', 'bm25', '--html', 'sweep.html')).toBe(EXIT.ok);
    const html = readFileSync(join(folder, 'sweep.html'), 'utf8');
    for (const part of ['development', 'cross-validated', 'held out', 'Tuned weights', 'bm25'])
      expect(html).toContain(part);
    expect(html.match(/<svg/gu)).toHaveLength(2);
    expect(html).not.toMatch(/(?:src|href)=|@import|url\(|NaN|undefined/u);
  });

  it('refuses too few judged queries, legs and weights that it does not know', async () => {
    expect(await run('sweep', ...write('few', 3))).toBe(EXIT.usage);
    expect(cli.err).toContain('Only 3 queries');
    const files = write('odd', 12);
    expect(await run('sweep', ...files, '--legs', 'luck')).toBe(EXIT.usage);
    expect(cli.err).toContain('There is no leg "luck"');
    writeFileSync(join(folder, 'odd.json'), '{"weights": {"luck": 1}}');
    expect(await run('retrieval', ...files, '--weights', 'odd.json')).toBe(EXIT.usage);
    expect(cli.err).toContain('gives the leg "luck" the weight 1');
  });
});
