import { join } from 'node:path';
import { userMessage, type LanguageModelCallOptions } from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsBackend } from '../backends/create-js-backend.js';
import { openLanguageModel, type LocalLanguageModel } from './open-language-model.js';

const FOLDER = join(import.meta.dirname, '../__fixtures__/tuning/chat');
const call = (options: Partial<LanguageModelCallOptions> = {}): LanguageModelCallOptions => ({
  messages: [userMessage('Where is the ladder?')],
  temperature: 0,
  maxOutputTokens: 12,
  ...options,
});

let model: LocalLanguageModel;
beforeEach(async () => {
  model = await openLanguageModel({
    modelId: 'tiny',
    folder: FOLDER,
    backend: createJsBackend(),
    random: { next: () => 0.25 },
  });
});
afterEach(() => model.dispose());

const textOf = async (options: Partial<LanguageModelCallOptions> = {}) => {
  const { content, ...rest } = await model.doGenerate(call(options));
  return { text: content.map((part) => (part.type === 'text' ? part.text : '')).join(''), ...rest };
};

describe('a local language model', () => {
  it('answers whole and in pieces alike, and counts tokens', async () => {
    const whole = await textOf();
    expect(whole).toMatchObject({ finishReason: 'length', usage: { outputTokens: 12 } });
    expect(whole.usage.inputTokens).toBe(await model.countTokens?.(call()));
    const { stream } = await model.doStream(call());
    const types: string[] = [];
    let text = '';
    for await (const part of stream) {
      types.push(part.type);
      if (part.type === 'text-delta') text += part.text;
    }
    expect(text).toBe(whole.text);
    expect([types[0], types[1], types.at(-2), types.at(-1)]).toEqual([
      'stream-start',
      'text-start',
      'text-end',
      'finish',
    ]);
  });

  it('stops before a stop sequence', async () => {
    const { text } = await textOf();
    const stop = text.slice(3, 6);
    const stopped = await textOf({ stopSequences: [stop] });
    expect(stopped).toMatchObject({
      text: text.slice(0, text.indexOf(stop)),
      finishReason: 'stop',
    });
  });

  it('draws the same text again with the same seed', async () => {
    const drawn = await textOf({ temperature: 2, seed: 4 });
    expect((await textOf({ temperature: 2, seed: 4 })).text).toBe(drawn.text);
    expect((await textOf({ temperature: 2, seed: 5 })).text).not.toBe(drawn.text);
  });

  it('answers several callers one after the other, each as if alone', async () => {
    const other = { messages: [userMessage('And the hammer?')] };
    const alone = [(await textOf()).text, (await textOf(other)).text];
    const together = await Promise.all([textOf(), textOf(other)]);
    expect(together.map(({ text }) => text)).toEqual(alone);
  });

  it('lets the next caller go on when one stops listening or gives up', async () => {
    const { stream } = await model.doStream(call());
    for await (const part of stream) if (part.type === 'text-start') break;
    const gone = new AbortController();
    const waiting = textOf({ abortSignal: gone.signal });
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect((await textOf()).text).not.toBe('');
  });

  it.each([
    ['a conversation beyond its room', { messages: [userMessage('far '.repeat(500))] }],
    ['forced tool calls', { toolChoice: { type: 'required' as const } }],
    ['JSON', { responseFormat: { type: 'json' as const } }],
  ])('refuses %s', async (_what, options) => {
    await expect(model.doGenerate(call(options))).rejects.toMatchObject({
      code: 'ERR_TRAINING_LANGUAGE_MODEL_INPUT',
    });
  });
});
