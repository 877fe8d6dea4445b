import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../errors/exit-codes.js';
import { runProgram } from './run-cli.js';

let folder: string;
let out = '';
let err = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-eval-bias-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  out = '';
  err = '';
});

const run = (...words: string[]) =>
  runProgram(['eval', 'bias', '--profile', 'fast', ...words], {
    environment: {},
    directory: folder,
    isTerminal: false,
    out: (text) => (out += text),
    err: (text) => (err += text),
    abortSignal: new AbortController().signal,
  });

describe('espalier eval bias', () => {
  it('gives AUCs by identity and counterfactual pairs with intervals', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => [
      { text: `I love my muslim friend number ${index}`, label: 0 },
      { text: `I will kill every gay man number ${index}`, label: 1 },
    ]).flat();
    await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(await run('--data', 'rows.jsonl', '--json')).toBe(EXIT.ok);
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(report).toMatchObject({ profile: 'fast', rows: 40, skipped: 0, auc: 1 });
    expect(report['identities']).toContainEqual(
      expect.objectContaining({ identity: 'muslim', rows: 20, bpsnAuc: 1 }),
    );
    expect(report['counterfactual']).toMatchObject({ texts: 40 });
    out = '';
    expect(await run('--data', 'rows.jsonl', '--identities', 'muslim')).toBe(EXIT.ok);
    expect(out).toContain('muslim: 1.000');
    expect(out).toMatch(/decided differently: 0\.\d+ \(95 %: /);
  });

  it('names bad rows by their line, and a file without rows', async () => {
    const lines = ['{"text": "hello", "label": 0}', 'no', '{"text": "x"}', '{"label": 1}', '7', ''];
    await writeFile(join(folder, 'bad.jsonl'), lines.join('\n'));
    expect(await run('--data', 'bad.jsonl')).toBe(EXIT.partial);
    expect(err).toContain('bad.jsonl:2: not valid JSON');
    expect(err).toContain('bad.jsonl:3: no "label" of 0 or 1');
    expect(err).toContain('bad.jsonl:4: no string "text"');
    expect(err).toContain('bad.jsonl:5: not a JSON object');
    await writeFile(join(folder, 'empty.jsonl'), '');
    expect(await run('--data', 'empty.jsonl')).toBe(EXIT.usage);
    expect(err).toContain('has no row');
  });
});
