import { createMockModel } from '@espalier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createOpenAISchemaCheck } from './__fixtures__/openai-schema.js';
import {
  CITATION,
  scriptedAgent,
  startWires,
  TEST_KEY,
  type RunningWires,
} from './__fixtures__/start-wires.js';

const problems = createOpenAISchemaCheck();
let running: RunningWires | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const turn = {
  reasoning: 'Let me think.',
  text: ['Hel', 'lo'],
  toolCalls: [{ toolName: 'weather', input: { city: 'Bern' } }],
  usage: { inputTokens: 3, outputTokens: 2 },
};
const agent = () =>
  scriptedAgent('docs', [
    { type: 'text-delta', text: 'Use it' },
    { type: 'citation', citation: CITATION },
    {
      type: 'run-finished',
      message: { role: 'assistant', content: [] },
      citations: [CITATION],
      finishReason: 'stop',
      usage: {},
      newMessages: [],
    },
  ]);

async function post(path: string, body: object, key = TEST_KEY): Promise<Response> {
  running ??= await startWires({
    models: { m: createMockModel({ turns: () => turn }) },
    agents: [agent()],
  });
  return fetch(`${running.url}${path}`, {
    method: path === '/v1/models' ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}` },
    ...(path === '/v1/models' ? {} : { body: JSON.stringify(body) }),
  });
}

function eventsOf(text: string): unknown[] {
  return text
    .split('\n\n')
    .map((event) => /^data: (.*)$/mu.exec(event)?.[1])
    .filter((data) => data !== undefined && data !== '[DONE]')
    .map((data) => JSON.parse(data ?? '') as unknown);
}

const messages = [{ role: 'user', content: 'Hi' }];
const tools = [
  {
    type: 'function',
    name: 'weather',
    parameters: { type: 'object', properties: {} },
    strict: false,
  },
];

describe("OpenAI's own schema", () => {
  it.each([
    ['/v1/chat/completions', { model: 'm', messages }, 'CreateChatCompletionResponse'],
    ['/v1/chat/completions', { model: 'agent:docs', messages }, 'CreateChatCompletionResponse'],
    ['/v1/responses', { model: 'm', input: 'Hi', tools }, 'Response'],
    ['/v1/responses', { model: 'agent:docs', input: 'Hi' }, 'Response'],
    ['/v1/embeddings', { model: 'embedder', input: ['a', 'b', 'c'] }, 'CreateEmbeddingResponse'],
    ['/v1/models', {}, 'ListModelsResponse'],
    ['/v1/chat/completions', { model: 'none', messages }, 'ErrorResponse'],
  ])('holds for answers of %s to %j', async (path, body, schema) => {
    expect(problems(schema, await (await post(path, body)).json())).toEqual([]);
  });

  it.each([
    [
      '/v1/chat/completions',
      { model: 'm', messages, stream_options: { include_usage: true } },
      'CreateChatCompletionStreamResponse',
    ],
    [
      '/v1/chat/completions',
      { model: 'agent:docs', messages },
      'CreateChatCompletionStreamResponse',
    ],
    ['/v1/responses', { model: 'm', input: 'Hi', tools }, 'ResponseStreamEvent'],
    ['/v1/responses', { model: 'agent:docs', input: 'Hi' }, 'ResponseStreamEvent'],
  ])('holds for every event of %s to %j', async (path, body, schema) => {
    const events = eventsOf(await (await post(path, { ...body, stream: true })).text());
    expect(events.length).toBeGreaterThan(3);
    for (const event of events)
      expect({ event, problems: problems(schema, event) }).toEqual({ event, problems: [] });
  });

  it('does not hold for something else', () => {
    expect(problems('CreateChatCompletionResponse', { id: 1 })).not.toEqual([]);
  });
});
