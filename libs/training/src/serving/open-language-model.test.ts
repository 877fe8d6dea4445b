import { join } from 'node:path';
import { userMessage, type LanguageModelCallOptions, type TensorBackend } from '@espalier/core';
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

/** What the backend was asked to compute. */
let steps = 0;
const counting = (backend: TensorBackend): TensorBackend => ({
  ...backend,
  async compile(graph, options) {
    const program = await backend.compile(graph, options);
    return {
      ...program,
      step(feeds) {
        steps++;
        return program.step(feeds);
      },
    };
  },
});

let model: LocalLanguageModel;
beforeEach(async () => {
  model = await openLanguageModel({
    modelId: 'tiny',
    folder: FOLDER,
    backend: counting(createJsBackend()),
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

  it('answers several callers at once, each as if alone', async () => {
    const other = { messages: [userMessage('And the hammer?')] };
    const alone = [(await textOf()).text, (await textOf(other)).text];
    const together = await Promise.all([textOf(), textOf(other)]);
    expect(together.map(({ text }) => text)).toEqual(alone);
  });

  it('computes answers of the same moment in the same steps, each drawing as if alone', async () => {
    const questions = ['Where?', 'And the hammer of my neighbour?', 'Why?'].map((text, seed) => ({
      messages: [userMessage(text)],
      temperature: 1.5,
      seed,
    }));
    const alone = [];
    for (const question of questions) alone.push((await textOf(question)).text);
    const before = steps;
    const together = await Promise.all(questions.map((question) => textOf(question)));
    expect(together.map(({ text }) => text)).toEqual(alone);
    expect(steps - before).toBeLessThanOrEqual(12);
  });

  it('lets an answer that is asked for later join one that is computed', async () => {
    const long = { maxOutputTokens: 60, stopSequences: [] };
    const alone = [(await textOf(long)).text, (await textOf()).text];
    const { stream } = await model.doStream(call(long));
    const order: string[] = [];
    let late: Promise<string> | undefined;
    let text = '';
    for await (const part of stream) {
      if (part.type === 'text-delta') {
        text += part.text;
        late ??= textOf().then((answer) => {
          order.push('late');
          return answer.text;
        });
      }
      if (part.type === 'finish') order.push('early');
    }
    expect([text, await late]).toEqual(alone);
    expect(order).toEqual(['late', 'early']);
  });

  it('tells how likely it found each token, and which others were likely', async () => {
    const { text, logProbabilities = [] } = await textOf({ logProbabilities: 3 });
    expect(logProbabilities).toHaveLength(12);
    expect(logProbabilities.map(({ token }) => token).join('')).toBe(text);
    for (const { token, logProbability, alternatives } of logProbabilities) {
      expect(alternatives[0]).toEqual({ token, logProbability });
      expect(alternatives.map((one) => one.logProbability)).toEqual(
        alternatives.map((one) => one.logProbability).sort((a, b) => b - a),
      );
      expect(alternatives).toHaveLength(3);
    }
    expect(await textOf()).not.toHaveProperty('logProbabilities');
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
