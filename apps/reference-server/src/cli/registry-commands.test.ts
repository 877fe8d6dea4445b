import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';

const FIXTURES = join(import.meta.dirname, '../../../../libs/training/src/__fixtures__');
const line = createCommandLine();
const cli = {
  folder: line.folder,
  async run(...args: string[]) {
    const code = await line.run(args);
    return { code, out: line.out, err: line.err };
  },
};

async function trained(learningRate: number): Promise<string> {
  const job = join(cli.folder, 'job.json');
  await writeFile(
    job,
    JSON.stringify({
      task: 'sft',
      model: join(FIXTURES, 'tuning/chat'),
      output_dir: 'out',
      train_data: join(FIXTURES, 'tuning/chats.jsonl'),
      loss_on: 'assistant',
      batch_size: 2,
      max_steps: 1,
      max_length: 128,
      learning_rate: learningRate,
      lora: { r: 2 },
      register: 'support',
    }),
  );
  const lines = (await cli.run('train', job, '--backend', 'js', '--json')).out.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type).slice(-2)).toEqual([
    'registered',
    'done',
  ]);
  return (JSON.parse(lines.at(-2) ?? '') as { reference: string }).reference;
}

const json = async <Value>(...args: string[]): Promise<Value> =>
  JSON.parse((await cli.run('registry', ...args, '--json')).out) as Value;

describe('espalier registry', () => {
  it('keeps what training registers, with its base, and moves it through its stages', async () => {
    expect(await trained(1e-3)).toBe('support@1');
    expect(await trained(1e-2)).toBe('support@2');
    const { data } = await json<{ data: { name: string; kind: string; base?: string }[] }>('list');
    expect(data.map(({ name, kind, base }) => [name, kind, base])).toEqual([
      ['chat', 'model', undefined],
      ['support', 'adapter', 'chat@1'],
      ['support', 'adapter', 'chat@1'],
    ]);
    const shown = await cli.run('registry', 'show', 'support@2', '--verify');
    expect(shown.out).toMatch(/config learning_rate +0\.01\n/u);
    expect(shown.out).toMatch(/data chats\.jsonl +[0-9a-f]{64}\n/u);
    expect((await cli.run('registry', 'diff', 'support@1', 'support@2')).out).toMatch(
      /learning_rate +0\.001 +0\.01\n/u,
    );
    expect((await cli.run('registry', 'promote', 'support@1')).out).toBe(
      'Now production: support@1\n',
    );
    await cli.run('registry', 'promote', 'support@2');
    await cli.run('registry', 'alias', 'support', 'old', 'support@1');
    expect((await cli.run('registry', 'list', 'support')).out).toMatch(
      /support@2 +adapter +production .*\nsupport@1 +adapter +archived +old /u,
    );
    expect((await cli.run('registry', 'rollback', 'support')).out).toBe(
      'support@production is again: support@1\n',
    );
    expect(await json('gc', '--dry-run')).toMatchObject({ versions: ['support@2'] });
    expect(await json('gc')).toMatchObject({ versions: ['support@2'], isDryRun: false });
    expect(await json<{ version: number }>('show', 'support')).toMatchObject({ version: 1 });
  });

  it('says what there is when it is asked for something else', async () => {
    const { code, err } = await cli.run('registry', 'show', 'none');
    expect(code).toBe(1);
    expect(err).toContain('The registry holds no "none". It holds: chat, support.');
  });
});
