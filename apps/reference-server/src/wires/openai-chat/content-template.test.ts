import { createSeededRandom, type JsonObject } from '@espalier/core';
import { createGuardrails, createSecretsRail } from '@espalier/guardrails';
import { describe, expect, it } from 'vitest';
import { createChatFilter } from './chat-filter.js';
import { ContentTemplate } from './content-template.js';

const chunkOf = (content: string, more: JsonObject = {}): JsonObject => ({
  id: 'c1',
  model: 'upstream',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
  ...more,
});
const eventOf = (text: string, chunk = chunkOf(text)) => {
  const data = JSON.stringify(chunk);
  return { data, raw: `data: ${data.replace('upstream', 'mine')}\n\n`, text, chunk };
};

describe('a content template', () => {
  it('reads an event that differs in its content alone as parsing would', () => {
    const template = new ContentTemplate();
    expect(template.read(eventOf('b').data)).toBeUndefined();
    template.learn(eventOf('a'));
    expect(template.read(eventOf('größer 😀').data)).toEqual({
      ...eventOf('größer 😀'),
      chunk: chunkOf('a'),
    });
  });

  it.each(['', 'a "quote"', 'a\\b', 'a\nb', 'tab\there'])('leaves %j to the parser', (text) => {
    const template = new ContentTemplate();
    template.learn(eventOf('a'));
    expect(template.read(eventOf(text).data)).toBeUndefined();
  });

  it('leaves events to the parser that differ elsewhere too, or end the choice', () => {
    const template = new ContentTemplate();
    template.learn(eventOf('a'));
    expect(template.read(eventOf('b', chunkOf('b', { usage: {} })).data)).toBeUndefined();
    expect(template.read('[DONE]')).toBeUndefined();
    const end = eventOf('b').data.replace('"finish_reason":null', '"finish_reason":"stop"');
    expect(template.read(end)).toBeUndefined();
  });

  it('learns nothing where the content could be another field’s', () => {
    const twice = '{"content":"a","choices":[{"delta":{"content":"a"}}]}';
    const outside = '{"choices":[{"delta":{"content":"b"}}],"content":"a"}';
    for (const data of [twice, outside]) {
      const template = new ContentTemplate();
      template.learn({ data, raw: data, text: 'a', chunk: {} });
      expect(template.read(data)).toBeUndefined();
    }
  });

  it('gives up where no event is like the one before', () => {
    const template = new ContentTemplate();
    for (let count = 0; count < 4; count += 1) {
      const event = eventOf('a', chunkOf('a', { padding: count }));
      expect(template.read(event.data)).toBeUndefined();
      template.learn(event);
    }
    expect(template.read(eventOf('b', chunkOf('b', { padding: 3 })).data)).toBeUndefined();
  });
});

it('a stream reads the same whatever its contents are', async () => {
  const random = createSeededRandom(7);
  const alphabet = ['word ', '"', '\\', '\n', 'é', '😀', 'a"b', ' ', '{', '\\n', '}'];
  const texts = Array.from(
    { length: 300 },
    () => alphabet[Math.floor(random.next() * alphabet.length)] ?? '',
  );
  const filter = createChatFilter({
    modelId: 'mine',
    requestId: 'r',
    body: {},
    guardrails: createGuardrails({ rails: [createSecretsRail()] }),
  });
  let out = '';
  for (const text of texts) out += await filter.events([{ name: '', data: eventOf(text).data }]);
  const end = { ...chunkOf(''), choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  out += await filter.events([{ name: '', data: JSON.stringify(end) }]);
  const read = out
    .trim()
    .split('\n\n')
    .map((event) => JSON.parse(event.slice('data: '.length)) as ReturnType<typeof chunkOf>);
  expect(read.map((chunk) => chunk['model'])).toEqual(read.map(() => 'mine'));
  const contents = read.map(
    ({ choices }) => (choices as { delta: { content?: string } }[])[0]?.delta.content ?? '',
  );
  expect(contents.join('')).toBe(texts.join(''));
});
