import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsBackend } from '../backends/create-js-backend.js';
import { openRowTokenizer } from './internal/open-row-tokenizer.js';
import { trainingJobSchema } from './job-schema.js';
import { readRows } from './read-rows.js';
import { train } from './train.js';

const TUNING = join(import.meta.dirname, '../__fixtures__/tuning');
const CHAT = join(TUNING, 'chat');
const expected = JSON.parse(readFileSync(join(TUNING, 'chat-expected.json'), 'utf8')) as {
  rows: { ids: number[]; mask: number[] }[];
  losses: number[];
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-chat-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (
  options: {
    file?: string;
    lossOn?: 'all' | 'completion' | 'assistant';
    model?: string;
  } = {},
) => {
  const { file = join(TUNING, 'chats.jsonl'), lossOn = 'assistant', model = CHAT } = options;
  return readRows({
    file,
    vocabularySize: 300,
    maxLength: 128,
    lossOn,
    tokenizer: () => openRowTokenizer(model, file),
  });
};

const withTemplate = async (template: string): Promise<string> => {
  const model = join(folder, 'model');
  await cp(CHAT, model, { recursive: true });
  await writeFile(join(model, 'chat_template.jinja'), template);
  return model;
};

const rowFile = async (...rows: unknown[]): Promise<string> => {
  const file = join(folder, 'rows.jsonl');
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
};

const scoredOf = (rows: Awaited<ReturnType<typeof read>>) =>
  rows.map(({ ids, isScored }) => ({ ids: [...ids], mask: [...isScored] }));

describe('rows of messages', () => {
  it('have the tokens and the assistant masks of transformers', async () => {
    expect(scoredOf(await read())).toEqual(expected.rows);
  });

  it('have the same masks when turns are found by rendering beginnings', async () => {
    const model = await withTemplate(readFileSync(join(TUNING, 'unmarked.jinja'), 'utf8'));
    expect(scoredOf(await read({ model }))).toEqual(expected.rows);
  });

  it('score everything but the first token when the loss is on all', async () => {
    for (const { isScored } of await read({ lossOn: 'all' }))
      expect([...isScored]).toEqual([0, ...new Array<number>(isScored.length - 1).fill(1)]);
  });

  it('score the completion of a prompt of messages', async () => {
    const user = { role: 'user', content: 'hm' };
    const answer = { role: 'assistant', content: '' };
    const file = await rowFile({ prompt: [user], completion: [answer] });
    const [row] = scoredOf(await read({ file, lossOn: 'completion' }));
    // The line end after the last turn belongs to the completion.
    expect(row).toEqual({
      ids: expected.rows[2]?.ids,
      mask: expected.rows[2]?.mask.with(-1, 1),
    });
  });

  it('name the line when the assistant cannot be told apart', async () => {
    const model = await withTemplate(
      "{{ messages | length }}{% for m in messages %}{{ m.content + '<|im_end|>' }}{% endfor %}",
    );
    await expect(read({ model })).rejects.toMatchObject({
      code: 'ERR_TRAINING_DATA',
      message: expect.stringMatching(/line 1.*generation/u),
    });
  });

  it('name the line when the template refuses, or the loss does not fit the row', async () => {
    const model = await withTemplate("{{ raise_exception('no tools here') }}");
    await expect(read({ model })).rejects.toThrow(/line 1.*no tools here/u);
    await expect(read({ lossOn: 'completion' })).rejects.toThrow(/loss_on to assistant/u);
    const file = await rowFile({ text: 'hm' });
    await expect(read({ file })).rejects.toThrow(/line 1.*no conversation/u);
    await expect(
      read({ file: await rowFile({ messages: [{ content: 'hm' }] }) }),
    ).rejects.toMatchObject({ code: 'ERR_TRAINING_DATA', details: { line: 1 } });
  });

  it('end a completion once, also where it ends itself', async () => {
    const file = await rowFile(
      { prompt: 'What', completion: ' is' },
      { prompt: 'What', completion: ' is<|im_end|>' },
    );
    const [plain, ended] = await read({ file, lossOn: 'completion' });
    expect(ended?.ids).toEqual(plain?.ids);
    expect(plain?.ids.at(-1)).toBe(1);
  });

  it('train on the assistant with the losses of PyTorch', async () => {
    const job = trainingJobSchema.parse({
      task: 'sft',
      model: CHAT,
      output_dir: join(folder, 'out'),
      train_data: join(TUNING, 'chats.jsonl'),
      loss_on: 'assistant',
      batch_size: 2,
      max_steps: 6,
      optimizer: 'sgd',
      learning_rate: 0.1,
      schedule: 'constant',
      max_grad_norm: 0,
      max_length: 128,
    });
    const losses: number[] = [];
    for await (const event of train({ job, backend: createJsBackend() }))
      if (event.type === 'step') losses.push(event.loss);
    expect(losses).toHaveLength(expected.losses.length);
    for (const [index, loss] of expected.losses.entries())
      expect(losses[index]).toBeCloseTo(loss, 4);
  });
});
