import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadChatTemplate } from './load-chat-template.js';

describe('loadChatTemplate', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'encoders-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (name: string, content: unknown): void => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text);
  };

  it('knows the special tokens of the tokeniser, however they are written', async () => {
    write('tokenizer_config.json', {
      bos_token: '<s>',
      eos_token: { content: '</s>', lstrip: false },
      chat_template: '{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ pad_token }}',
    });
    const template = await loadChatTemplate({ folder });
    expect(template.render({ messages: [{ role: 'user', content: 'x' }] }).text).toBe('<s>x</s>');
  });

  it('prefers a file of its own', async () => {
    write('tokenizer_config.json', { bos_token: '<s>', chat_template: 'old' });
    write('chat_template.jinja', 'new {{ bos_token }}');
    expect((await loadChatTemplate({ folder })).render({ messages: [] }).text).toBe('new <s>');
  });

  it('takes the template for tools where tools are given', async () => {
    write('tokenizer_config.json', {
      chat_template: [
        { name: 'default', template: 'plain' },
        { name: 'tool_use', template: '{{ tools|length }} tools' },
      ],
    });
    const template = await loadChatTemplate({ folder });
    expect(template.render({ messages: [] }).text).toBe('plain');
    expect(template.render({ messages: [], tools: [{}, {}] }).text).toBe('2 tools');
  });

  it('says what is missing or damaged', async () => {
    await expect(loadChatTemplate({ folder })).rejects.toMatchObject({
      code: 'ERR_ENCODERS_CHAT_TEMPLATE_MISSING',
    });
    write('tokenizer_config.json', '{');
    await expect(loadChatTemplate({ folder })).rejects.toMatchObject({
      code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
    });
  });
});
