import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';
import { createOpenAISchemaCheck } from '../wires/__fixtures__/openai-schema.js';

const TINY = join(import.meta.dirname, '../../../../libs/training/src/__fixtures__/tuning/chat');
/** Loading the sources anew takes a busy machine long. Units: ms. */
const PATIENCE_MS = 150_000;
const problems = createOpenAISchemaCheck();

let server: TestServer;
let client: OpenAI;
beforeAll(async () => {
  await import('@espalier/training');
  server = await startTestServer({
    config: { training: { models: { tiny: TINY }, backend: 'js' } },
  });
  client = new OpenAI({
    baseURL: `${server.url}/v1`,
    apiKey: server.adminKey ?? server.localKey,
    maxRetries: 0,
  });
}, PATIENCE_MS);
afterAll(() => server.remove());

const question = {
  model: 'tiny',
  max_completion_tokens: 6,
  messages: [{ role: 'user' as const, content: 'What is 2 + 2?' }],
};

describe('a model of this machine, asked by the official client', { timeout: PATIENCE_MS }, () => {
  it('makes several choices, the same ones with the same seed', async () => {
    const ask = () =>
      client.chat.completions.create({ ...question, temperature: 1.5, seed: 7, n: 3 });
    const first = await ask();
    expect(problems('CreateChatCompletionResponse', first)).toEqual([]);
    const texts = first.choices.map(({ message }) => message.content);
    expect(first.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(texts).size).toBe(3);
    const alone = await client.chat.completions.create({ ...question, temperature: 1.5, seed: 8 });
    expect(alone.choices[0]?.message.content).toBe(texts[1]);
    expect(first.usage?.prompt_tokens).toBe(alone.usage?.prompt_tokens);
    expect(first.usage?.completion_tokens).toBe(18);
    expect((await ask()).choices).toEqual(first.choices);
  });

  it('tells log-probabilities, whole and streamed', async () => {
    const asked = { ...question, temperature: 0, logprobs: true, top_logprobs: 2 };
    const whole = await client.chat.completions.create(asked);
    expect(problems('CreateChatCompletionResponse', whole)).toEqual([]);
    const [choice] = whole.choices;
    const tokens = choice?.logprobs?.content ?? [];
    expect(tokens.map(({ token }) => token).join('')).toBe(choice?.message.content);
    for (const { token, logprob, top_logprobs: top } of tokens)
      expect(top[0]).toMatchObject({ token, logprob });
    let text = '';
    const streamed = [];
    for await (const { choices } of await client.chat.completions.create({
      ...asked,
      stream: true,
    })) {
      text += choices[0]?.delta.content ?? '';
      streamed.push(...(choices[0]?.logprobs?.content ?? []));
    }
    expect([text, streamed]).toEqual([choice?.message.content, tokens]);
  });

  it('stops before a stop sequence', async () => {
    const whole = await client.chat.completions.create({ ...question, temperature: 0 });
    const text = whole.choices[0]?.message.content ?? '';
    const stop = text.slice(2, 4);
    const stopped = await client.chat.completions.create({ ...question, temperature: 0, stop });
    expect(stopped.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: text.slice(0, text.indexOf(stop)) },
    });
  });

  it('takes tools and what they answered, and a conversation that called them', async () => {
    const weather = {
      type: 'function' as const,
      function: { name: 'weather', parameters: { type: 'object', properties: {} } },
    };
    const { choices } = await client.chat.completions.create({
      ...question,
      temperature: 0,
      tools: [weather],
      messages: [
        ...question.messages,
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'Rain.' },
      ],
    });
    expect(choices[0]?.message.content).not.toBe('');
  });

  it('refuses what it cannot do by the name of its field', async () => {
    const refused = (fields: object) => client.chat.completions.create({ ...question, ...fields });
    await expect(refused({ top_logprobs: 2 })).rejects.toMatchObject({
      status: 400,
      param: 'top_logprobs',
    });
    await expect(refused({ n: 2, stream: true })).rejects.toMatchObject({
      status: 400,
      param: 'n',
    });
    await expect(refused({ model: 'extractive', logprobs: true })).rejects.toMatchObject({
      status: 400,
      param: 'logprobs',
    });
  });
});
