import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFolder } from '@espalier/model-static-256';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { EXIT } from '../errors/exit-codes.js';

const cli = createCommandLine();
const { folder } = cli;

const run = (...args: string[]): Promise<number> => cli.run(args);
const write = (name: string, rows: readonly (object | string)[]): Promise<void> =>
  writeFile(
    join(folder, name),
    rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''),
  );
const answers = (): unknown[] =>
  cli.out
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('espalier tokenize', () => {
  it('gives the ids of one text', async () => {
    expect(await run('tokenize', '--model', modelFolder, '--text', 'Hello', '--json')).toBe(
      EXIT.ok,
    );
    expect(answers()).toEqual([{ ids: [101, 7592, 102], type_ids: [0, 0, 0] }]);
  });

  it('shows tokens to a person', async () => {
    expect(await run('tokenize', '--model', modelFolder, '--text', 'Hello')).toBe(EXIT.ok);
    expect(cli.out).toContain('7592  hello');
  });

  it('answers each row of a file, in order', async () => {
    await write('rows.jsonl', [
      { text: 'Hello', text_pair: 'you' },
      '',
      { text: 'Hello', add_special_tokens: false },
      { ids: [101, 7592, 102] },
      { ids: [101, 7592, 102], skip_special_tokens: true },
    ]);
    expect(await run('tokenize', '--model', modelFolder, '--file', 'rows.jsonl', '--json')).toBe(0);
    expect(answers()).toEqual([
      { ids: [101, 7592, 102, 2017, 102], type_ids: [0, 0, 0, 1, 1] },
      { ids: [7592], type_ids: [0] },
      { text: '[CLS] hello [SEP]' },
      { text: 'hello' },
    ]);
  });

  it.each([
    [{ txt: 'a' }, 'line 2: it is neither'],
    [{ ids: [999_999] }, 'no token of id 999999'],
    ['{"text": ', 'line 2: it is not JSON'],
    ['[1]', 'line 2: it is not a JSON object'],
  ])('names the line that it cannot use: %j', async (row, problem) => {
    await write('rows.jsonl', [{ text: 'a' }, row]);
    expect(await run('tokenize', '--model', modelFolder, '--file', 'rows.jsonl')).toBe(EXIT.usage);
    expect(cli.err).toContain(problem);
  });

  it('says what it lacks', async () => {
    expect(await run('tokenize', '--model', modelFolder)).toBe(EXIT.usage);
    expect(cli.err).toContain('Give either --text or --file');
    expect(await run('tokenize', '--model', 'nowhere', '--text', 'x')).not.toBe(EXIT.ok);
    expect(cli.err).toContain('tokenizer.json');
    expect(await run('tokenize', '--model', modelFolder, '--file', 'nowhere.jsonl')).toBe(
      EXIT.usage,
    );
    expect(cli.err).toContain('"nowhere.jsonl" cannot be read');
  });
});

describe('espalier tokenize train', () => {
  it('learns a tokenizer that tokenize reads', async () => {
    await writeFile(join(folder, 'a.txt'), 'low lower lowest\nlow low');
    await write('b.jsonl', [{ text: 'lower and lower' }]);
    const common = ['--vocab-size', '262', '--special', '<s>', '</s>', '--out', 'made', '--json'];
    expect(await run('tokenize', 'train', 'a.txt', 'b.jsonl', ...common)).toBe(EXIT.ok);
    expect(answers()).toEqual([{ out: join(folder, 'made'), vocabulary_size: 262, merges: 4 }]);
    expect(await run('tokenize', '--model', 'made', '--text', 'low low', '--json')).toBe(EXIT.ok);
    expect(answers()).toEqual([{ ids: [259, 260], type_ids: [0, 0] }]);
  });

  it('keeps a chat template beside it, unless it cannot be parsed', async () => {
    await writeFile(join(folder, 'a.txt'), 'low lower lowest\nlow low');
    await writeFile(
      join(folder, 'chat.jinja'),
      '{% for m in messages %}{{ m.content }}!{% endfor %}',
    );
    const train = ['tokenize', 'train', 'a.txt', '--vocab-size', '260', '--out', 'made'];
    expect(await run(...train, '--chat-template', 'chat.jinja')).toBe(EXIT.ok);
    await write('chats.jsonl', [{ messages: [{ role: 'user', content: 'low' }] }]);
    expect(await run('chat-template', '--model', 'made', '--file', 'chats.jsonl', '--json')).toBe(
      0,
    );
    expect(answers()).toEqual([{ text: 'low!' }]);
    await writeFile(join(folder, 'chat.jinja'), '{% for m in messages %}');
    expect(await run(...train, '--chat-template', 'chat.jinja')).toBe(EXIT.failure);
    expect(cli.err).toContain('cannot be parsed');
    expect(await run(...train, '--chat-template', 'none.jinja')).toBe(EXIT.usage);
    expect(cli.err).toContain('none.jinja');
  });

  it('says what it cannot use', async () => {
    const common = ['--vocab-size', '300', '--out', 'made'];
    expect(await run('tokenize', 'train', 'nowhere.txt', ...common)).toBe(EXIT.usage);
    expect(cli.err).toContain('nowhere.txt');
    await write('b.jsonl', [{ text: 'a' }, { txt: 'b' }]);
    expect(await run('tokenize', 'train', 'b.jsonl', ...common)).toBe(EXIT.usage);
    expect(cli.err).toContain('line 2');
  });
});

describe('espalier chat-template', () => {
  it('renders conversations, and says why a template refuses one', async () => {
    await write('tokenizer_config.json', [{ bos_token: '<s>' }]);
    await writeFile(
      join(folder, 'chat_template.jinja'),
      "{{ bos_token }}{% for m in messages %}{% if m.role == 'bad' %}{{ raise_exception('no ' ~ m.role) }}{% endif %}{{ m.content }};{% endfor %}{{ mood }}{% if add_generation_prompt %}>{% endif %}",
    );
    await write('chats.jsonl', [
      { messages: [{ role: 'user', content: 'hi' }], add_generation_prompt: true, mood: 'calm' },
      { messages: [{ role: 'bad', content: 'x' }] },
    ]);
    expect(await run('chat-template', '--model', '.', '--file', 'chats.jsonl', '--json')).toBe(0);
    expect(answers()).toEqual([{ text: '<s>hi;calm>' }, { error: 'no bad' }]);
  });

  it('keeps numbers with a point apart from whole ones, as Python does', async () => {
    await writeFile(join(folder, 'chat_template.jinja'), '{{ messages[0].at }} {{ share }}');
    await writeFile(
      join(folder, 'chats.jsonl'),
      '{"messages":[{"role":"user","at":{"x":2.0,"y":[1]}}],"share":1.0}\n',
    );
    expect(await run('chat-template', '--model', '.', '--file', 'chats.jsonl', '--json')).toBe(0);
    expect(answers()).toEqual([{ text: "{'x': 2.0, 'y': [1]} 1.0" }]);
  });

  it('names the line that is no conversation', async () => {
    await writeFile(join(folder, 'chat_template.jinja'), 'x');
    await write('chats.jsonl', [{ messages: 'hi' }]);
    expect(await run('chat-template', '--model', '.', '--file', 'chats.jsonl')).toBe(EXIT.usage);
    expect(cli.err).toContain('chats.jsonl, line 1');
  });
});
