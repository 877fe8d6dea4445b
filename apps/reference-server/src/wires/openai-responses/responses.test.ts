import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createMockModel } from '@espalier/testing';
import { generateText, jsonSchema, Output, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CITATION,
  scriptedAgent,
  startWires,
  TEST_KEY,
  type RunningWires,
} from '../__fixtures__/start-wires.js';

let running: RunningWires | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

function clientOf({ url }: RunningWires): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
}

const weather = {
  type: 'function' as const,
  name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: false,
};

describe('responses', () => {
  it('answers the official client, with instructions, images and a JSON schema', async () => {
    const model = createMockModel([
      { text: '{"a":1}', usage: { inputTokens: 4, outputTokens: 2 } },
    ]);
    running = await startWires({ models: { m: model } });
    const answer = await clientOf(running).responses.create({
      model: 'm',
      instructions: 'Be brief.',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is it?' },
            {
              type: 'input_image',
              image_url: 'data:image/png;base64,iVBORw0KGgo=',
              detail: 'auto',
            },
          ],
        },
      ],
      text: { format: { type: 'json_schema', name: 'a', schema: { type: 'object' } } },
    });
    expect(answer.output_text).toBe('{"a":1}');
    expect(answer.usage?.total_tokens).toBe(6);
    expect(model.calls[0]).toMatchObject({
      responseFormat: { type: 'json', name: 'a' },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text' }, { type: 'image', mediaType: 'image/png' }] },
      ],
    });
  });

  it('streams events that the official client puts together, tool calls among them', async () => {
    const model = createMockModel([
      {
        text: ['Hel', 'lo'],
        toolCalls: [{ toolName: 'weather', input: { city: 'Bern' }, toolCallId: 'c1' }],
      },
      'Sunny.',
    ]);
    running = await startWires({ models: { m: model } });
    const client = clientOf(running);
    const first = await client.responses
      .stream({ model: 'm', input: 'Weather?', tools: [weather] })
      .finalResponse();
    expect(first.output).toMatchObject([
      { type: 'message', content: [{ type: 'output_text', text: 'Hello' }] },
      { type: 'function_call', name: 'weather', arguments: '{"city":"Bern"}', call_id: 'c1' },
    ]);
    const second = await client.responses.create({
      model: 'm',
      input: [
        { role: 'user', content: 'Weather?' },
        ...(first.output as never[]),
        { type: 'function_call_output', call_id: 'c1', output: 'sunny' },
      ],
    });
    expect(second.output_text).toBe('Sunny.');
    expect(model.calls[1]?.messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'tool-call', toolCallId: 'c1' },
        ],
      },
      { role: 'tool', content: [{ toolName: 'weather', output: 'sunny' }] },
    ]);
  });

  it('tells of a fault in mid-stream', async () => {
    running = await startWires({
      models: {
        m: createMockModel([
          { error: new Error('boom'), afterParts: [{ type: 'text-delta', id: '1', text: 'Hal' }] },
        ]),
      },
    });
    const stream = await clientOf(running).responses.create({
      model: 'm',
      input: 'Hi',
      stream: true,
    });
    await expect(async () => {
      for await (const _ of stream);
    }).rejects.toThrow(/server/u);
  });

  it('shows citations of an agent as file citations', async () => {
    const agent = scriptedAgent('docs', [
      { type: 'text-delta', text: 'Use definePlugin [1].' },
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
    running = await startWires({ agents: [agent] });
    const response = await clientOf(running)
      .responses.stream({ model: 'agent:docs', input: 'How?' })
      .finalResponse();
    expect(response.output[0]).toMatchObject({
      content: [
        {
          annotations: [
            { type: 'file_citation', file_id: 'doc-1', filename: 'docs/guide.md:10-12', index: 21 },
          ],
        },
      ],
    });
  });

  it('refuses what it does not keep', async () => {
    running = await startWires({ models: { m: createMockModel([]) } });
    await expect(
      clientOf(running).responses.create({
        model: 'm',
        input: 'Hi',
        previous_response_id: 'resp_1',
      }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param: 'previous_response_id',
    });
  });
});

describe('the ai package', () => {
  it.each(['responses', 'chat', 'compatible'] as const)(
    'streams text, runs tools and parses objects (%s)',
    async (kind) => {
      const model = createMockModel([
        { toolCalls: [{ toolName: 'weather', input: { city: 'Bern' } }] },
        '{"sky":"sunny"}',
        { text: ['Hel', 'lo'] },
      ]);
      running = await startWires({ models: { m: model } });
      const settings = { baseURL: `${running.url}/v1`, apiKey: TEST_KEY };
      const openai = createOpenAI(settings);
      const languageModel =
        kind === 'responses'
          ? openai.responses('m')
          : kind === 'chat'
            ? openai.chat('m')
            : createOpenAICompatible({
                ...settings,
                name: 'espalier',
                supportsStructuredOutputs: true,
              })('m');
      const inputSchema = jsonSchema<{ city: string }>({
        type: 'object',
        properties: { city: { type: 'string' } },
      });
      const called = await generateText({
        model: languageModel,
        prompt: 'Weather?',
        tools: { weather: tool({ inputSchema, description: 'Weather.' }) },
      });
      expect(called.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: 'Bern' } }]);
      const parsed = await generateText({
        model: languageModel,
        prompt: 'Sky?',
        output: Output.object({
          schema: jsonSchema<{ sky: string }>({
            type: 'object',
            properties: { sky: { type: 'string' } },
            required: ['sky'],
            additionalProperties: false,
          }),
        }),
      });
      expect(parsed.output).toEqual({ sky: 'sunny' });
      expect(await streamText({ model: languageModel, prompt: 'Hi' }).text).toBe('Hello');
    },
  );
});

describe('embeddings and models', () => {
  it('gives the official client vectors in both encodings', async () => {
    running = await startWires();
    const client = clientOf(running);
    const input = ['red apple', 'blue sky', 'green tree'];
    const packed = await client.embeddings.create({ model: 'embedder', input });
    const plain = await client.embeddings.create({
      model: 'embedder',
      input,
      encoding_format: 'float',
    });
    expect(packed.data.map(({ embedding }) => embedding)).toEqual(
      plain.data.map(({ embedding }) => embedding),
    );
    expect(plain.data[0]?.embedding).toHaveLength(8);
    await expect(client.embeddings.create({ model: 'embedder', input: [] })).rejects.toMatchObject({
      status: 400,
    });
    await expect(client.embeddings.create({ model: 'm', input: 'x' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('lists the default agent first', async () => {
    running = await startWires({
      models: { m: createMockModel([]) },
      agents: [scriptedAgent('docs', [])],
    });
    const list = await clientOf(running).models.list();
    expect(list.data.map(({ id }) => id)).toEqual(['agent:docs', 'm', 'embedder']);
    expect((await clientOf(running).models.retrieve('agent:docs')).id).toBe('agent:docs');
    await expect(clientOf(running).models.retrieve('none')).rejects.toMatchObject({ status: 404 });
  });

  it('stands in the OpenAPI document, and answers in-process calls too', async () => {
    running = await startWires({ models: { m: createMockModel(['Hello.']) } });
    const document = running.wires.app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 't', version: '1' },
    });
    expect(Object.keys(document.paths ?? {})).toEqual([
      '/v1/chat/completions',
      '/v1/responses',
      '/v1/embeddings',
      '/v1/messages',
      '/v1/messages/count_tokens',
      '/v1/models',
      '/v1/models/{id}',
    ]);
    const response = await running.wires.app.request('/v1/responses', {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEY}` },
      body: JSON.stringify({ model: 'm', input: 'Hi', stream: true }),
    });
    expect(await response.text()).toContain('response.completed');
  });
});
