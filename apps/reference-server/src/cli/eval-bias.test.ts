import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { EXIT } from '../errors/exit-codes.js';

const cli = createCommandLine();
const { folder } = cli;

const run = (...words: string[]) => cli.run(['eval', 'bias', '--profile', 'fast', ...words]);

describe('espalier eval bias', () => {
  it('gives AUCs by identity and counterfactual pairs with intervals', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => [
      { text: `I love my muslim friend number ${index}`, label: 0 },
      { text: `I will kill every gay man number ${index}`, label: 1 },
    ]).flat();
    await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(await run('--data', 'rows.jsonl', '--json')).toBe(EXIT.ok);
    const report = JSON.parse(cli.out) as Record<string, unknown>;
    expect(report).toMatchObject({ profile: 'fast', rows: 40, skipped: 0, auc: 1 });
    expect(report['identities']).toContainEqual(
      expect.objectContaining({ identity: 'muslim', rows: 20, bpsnAuc: 1 }),
    );
    expect(report['counterfactual']).toMatchObject({ texts: 40 });
    expect(await run('--data', 'rows.jsonl', '--identities', 'muslim')).toBe(EXIT.ok);
    expect(cli.out).toContain('muslim: 1.000');
    expect(cli.out).toMatch(/decided differently: 0\.\d+ \(95 %: /);
  });

  it('names bad rows by their line, and a file without rows', async () => {
    const lines = ['{"text": "hello", "label": 0}', 'no', '{"text": "x"}', '{"label": 1}', '7', ''];
    await writeFile(join(folder, 'bad.jsonl'), lines.join('\n'));
    expect(await run('--data', 'bad.jsonl')).toBe(EXIT.partial);
    expect(cli.err).toContain('bad.jsonl:2: not valid JSON');
    expect(cli.err).toContain('bad.jsonl:3: no "label" of 0 or 1');
    expect(cli.err).toContain('bad.jsonl:4: no string "text"');
    expect(cli.err).toContain('bad.jsonl:5: not a JSON object');
    await writeFile(join(folder, 'empty.jsonl'), '');
    expect(await run('--data', 'empty.jsonl')).toBe(EXIT.usage);
    expect(cli.err).toContain('has no row');
  });
});
