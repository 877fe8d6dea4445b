import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMockModel } from '@espalier/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';
import { writeServerFile } from '../composition/server-file.js';
import { EXIT } from '../errors/exit-codes.js';

const cli = createCommandLine();
const { folder } = cli;
let server: TestServer;
/** What the judge was asked. */
const judged: string[] = [];

const lines = (...rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

beforeAll(async () => {
  writeFileSync(
    join(folder, 'corpus.jsonl'),
    lines(
      { _id: 'rails', title: 'Rails', text: 'A rail allows, redacts or blocks text.' },
      { _id: 'keys', title: 'Keys', text: 'A key is made once, rotated and revoked.' },
    ),
  );
  writeFileSync(
    join(folder, 'questions.jsonl'),
    lines(
      { question: 'What does a rail do to text?', answer: 'blocks text', gold: 'rails' },
      { question: 'Who painted the <ceiling> of the Sistine Chapel?', answerable: false },
    ),
  );
  server = await startTestServer({
    model: createMockModel({
      turns: ({ messages }) => {
        const last = JSON.stringify(messages.at(-1));
        if (!last.includes('<claim>')) return { text: ['Rails block text [1]. Pigs fly [1].'] };
        judged.push(last);
        return { text: ['no'] };
      },
    }),
    config: {
      agents: [{ name: 'docs', model: 'mock', knowledgeBase: 'notes' }],
    },
  });
  await writeServerFile(join(server.dataFolder, 'server.json'), {
    url: server.url,
    pid: process.pid,
    key: server.localKey,
  });
  writeFileSync(join(folder, 'rails.md'), '# Rails\n\nRails block text that is not allowed.\n');
  await onServer('ingest', 'rails.md', '--kb', 'notes');
});
afterAll(() => server.remove());
// The first run of a command loads its libraries from sources.
vi.setConfig({ testTimeout: 60_000 });

function onServer(...args: string[]): Promise<number> {
  return cli.run(args, {
    ESPALIER_DATA: server.dataFolder,
    XDG_STATE_HOME: join(folder, 'state'),
  });
}

describe('espalier eval answers', () => {
  it('asks the extractive answerer over a file, without a server, and writes a report', async () => {
    const code = await cli.run([
      ...['eval', 'answers', '--questions', 'questions.jsonl', '--corpus', 'corpus.jsonl'],
      ...['--profile', 'speed', '--html', 'report.html', '--json'],
    ]);
    expect(code).toBe(EXIT.ok);
    const report = JSON.parse(cli.out) as {
      declined: number;
      metrics: Record<string, { mean: number }>;
      answers: { isDeclined: boolean }[];
    };
    expect(report.answers.map(({ isDeclined }) => isDeclined)).toEqual([false, true]);
    expect(report.metrics).toMatchObject({
      faithfulness: { mean: 1 },
      citationRecall: { mean: 1 },
      holdsReference: { mean: 1 },
      goldRecall: { mean: 1 },
      abstentionRecall: { mean: 1 },
    });
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(html).toContain('the &lt;ceiling&gt; of');
    expect(html).not.toMatch(/(?:src|href)=/u);
  });

  it('asks an agent of a server and tells supported claims from others', async () => {
    expect(await onServer('eval', 'answers', '--questions', 'questions.jsonl', '--json')).toBe(
      EXIT.ok,
    );
    const { answers, metrics, source } = JSON.parse(cli.out) as {
      source: string;
      metrics: Record<string, { mean: number }>;
      answers: { claims: { isSupported: boolean }[] }[];
    };
    expect(source).toBe('agent docs');
    expect(answers[0]?.claims.map(({ isSupported }) => isSupported)).toEqual([true, false]);
    expect(metrics).toMatchObject({
      faithfulness: { mean: 0.5 },
      citationPrecision: { mean: 0.5 },
      abstentionRecall: { mean: 0 },
    });
  });

  it('has a model judge what the offline check doubts', async () => {
    expect(
      await onServer('eval', 'answers', '--questions', 'questions.jsonl', '--judge', 'mock'),
    ).toBe(EXIT.ok);
    expect(cli.out).toContain('claims judged with mock');
    expect(judged.some((text) => text.includes('Pigs fly'))).toBe(true);
  });

  it('says what is wrong with its input', async () => {
    writeFileSync(join(folder, 'none.jsonl'), lines({ text: 'no question' }));
    const ask = (...args: string[]) =>
      cli.run(['eval', 'answers', '--corpus', 'corpus.jsonl', ...args]);
    expect(await ask('--questions', 'none.jsonl')).toBe(EXIT.usage);
    expect(cli.err).toContain('none.jsonl:1: question');
    expect(cli.err).toContain('holds no question');
    expect(await ask('--questions', 'questions.jsonl', '--threshold', '2')).toBe(EXIT.usage);
    expect(cli.err).toContain('--threshold');
  });
});
