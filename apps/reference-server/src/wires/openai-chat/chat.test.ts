import OpenAI from 'openai';
import { createGuardrails, createPiiRail } from '@espalier/guardrails';
import { createMockModel } from '@espalier/testing';
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

function clientOf({ url }: RunningWires, apiKey = TEST_KEY): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

const WEATHER_TOOL = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('chat completions of a model', () => {
  it('answers the official client with text, finish reason and usage', async () => {
    const model = createMockModel([
      { text: 'Hello there.', usage: { inputTokens: 5, outputTokens: 3 } },
    ]);
    running = await startWires({ models: { m: model } });
    const answer = await clientOf(running).chat.completions.create({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      temperature: 0.5,
      max_tokens: 50,
      stop: 'END',
    });
    expect(answer.choices[0]?.message.content).toBe('Hello there.');
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.model).toBe('m');
    expect(answer.usage?.total_tokens).toBe(8);
    expect(model.calls[0]).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      ],
      temperature: 0.5,
      maxOutputTokens: 50,
      stopSequences: ['END'],
    });
    expect(running.usage).toMatchObject([
      { modelId: 'm', usage: { inputTokens: 5 }, caller: { keyId: 'key_1' } },
    ]);
  });

  it('streams deltas, and usage when it is asked for', async () => {
    const model = createMockModel([
      { text: ['Hel', 'lo'], usage: { inputTokens: 2, outputTokens: 2 } },
    ]);
    running = await startWires({ models: { m: model } });
    const stream = await clientOf(running).chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    const finishes: unknown[] = [];
    let total: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (chunk.choices[0]?.finish_reason) finishes.push(chunk.choices[0].finish_reason);
      total = chunk.usage?.total_tokens ?? total;
    }
    expect(text).toBe('Hello');
    expect(finishes).toEqual(['stop']);
    expect(total).toBe(4);
  });

  it.each([false, true])(
    'carries a tool call and its result round the client (stream: %s)',
    async (isStream) => {
      const model = createMockModel([
        { toolCalls: [{ toolName: 'weather', input: { city: 'Bern' } }] },
        'It is sunny in Bern.',
      ]);
      running = await startWires({ models: { m: model } });
      const runner = isStream
        ? clientOf(running).chat.completions.runTools({
            model: 'm',
            stream: true,
            messages: [{ role: 'user', content: 'Weather in Bern?' }],
            tools: [
              {
                ...WEATHER_TOOL,
                function: { ...WEATHER_TOOL.function, parse: JSON.parse, function: () => 'sunny' },
              },
            ],
          })
        : clientOf(running).chat.completions.runTools({
            model: 'm',
            messages: [{ role: 'user', content: 'Weather in Bern?' }],
            tools: [
              {
                ...WEATHER_TOOL,
                function: { ...WEATHER_TOOL.function, parse: JSON.parse, function: () => 'sunny' },
              },
            ],
          });
      expect(await runner.finalContent()).toBe('It is sunny in Bern.');
      expect(model.calls[0]?.tools).toMatchObject([
        { name: 'weather', inputSchema: { required: ['city'] } },
      ]);
      expect(model.calls[1]?.messages.slice(1)).toMatchObject([
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolName: 'weather', input: { city: 'Bern' } }],
        },
        { role: 'tool', content: [{ type: 'tool-result', toolName: 'weather', output: 'sunny' }] },
      ]);
    },
  );

  it('passes images and a JSON schema on to the model', async () => {
    const model = createMockModel(['{"colour":"red"}']);
    running = await startWires({ models: { m: model } });
    const schema = { type: 'object', properties: { colour: { type: 'string' } } };
    const answer = await clientOf(running).chat.completions.parse({
      model: 'm',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Which colour?' },
            {
              type: 'image_url',
              image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' },
            },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          ],
        },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'c', strict: true, schema } },
    });
    expect(answer.choices[0]?.message.content).toBe('{"colour":"red"}');
    expect(model.calls[0]).toMatchObject({
      responseFormat: { type: 'json', name: 'c', strict: true, schema },
      messages: [
        {
          content: [
            { type: 'text' },
            {
              type: 'image',
              mediaType: 'image/png',
              source: { kind: 'base64', data: 'iVBORw0KGgo=' },
              detail: 'low',
            },
            { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
          ],
        },
      ],
    });
  });

  it('aborts the model when the client leaves', async () => {
    const model = createMockModel({
      turns: [{ text: ['one', 'two', 'three'] }],
      beforePart: async (part) => {
        if (part.type !== 'text-delta' || part.text !== 'two') return;
        const signal = model.calls[0]?.abortSignal;
        await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
      },
    });
    running = await startWires({ models: { m: model } });
    const stream = await clientOf(running).chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === 'one') break;
    expect((await running.ended(0)).status).toBe(499);
    expect(model.calls[0]?.abortSignal?.aborted).toBe(true);
  });

  it('tells of a fault in mid-stream instead of ending silently', async () => {
    const model = createMockModel([
      {
        error: new Error('boom'),
        afterParts: [
          { type: 'text-start', id: '1' },
          { type: 'text-delta', id: '1', text: 'Hal' },
        ],
      },
    ]);
    running = await startWires({ models: { m: model } });
    const stream = await clientOf(running).chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    let text = '';
    await expect(async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    }).rejects.toMatchObject({ code: 'ERR_WIRE_INTERNAL' });
    expect(text).toBe('Hal');
  });

  it('redacts output and input by the rails, also across deltas', async () => {
    const model = createMockModel([{ text: ['Write to ann', 'a@exam', 'ple.com now.'] }]);
    running = await startWires({
      models: { m: model },
      context: { guardrails: createGuardrails({ rails: [createPiiRail()] }) },
    });
    const stream = await clientOf(running).chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'I am bob@example.com' }],
      stream: true,
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toMatch(/^Write to .+ now\.$/u);
    expect(text).not.toContain('example');
    expect(JSON.stringify(model.calls[0]?.messages)).not.toContain('bob@example.com');
  });
});

describe('chat completions of an agent', () => {
  const finished = {
    type: 'run-finished' as const,
    message: {
      role: 'assistant' as const,
      content: [{ type: 'text' as const, text: 'Use definePlugin [1].' }],
    },
    citations: [CITATION],
    finishReason: 'stop' as const,
    usage: { inputTokens: 7, outputTokens: 4 },
    newMessages: [],
  };

  it('shows citations as annotations and hides the tools that the agent ran', async () => {
    const agent = scriptedAgent('docs', [
      { type: 'step-started', step: 1 },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'search', input: {} },
      {
        type: 'tool-result',
        toolCallId: 'c1',
        toolName: 'search',
        output: 'x',
        isError: false,
        durationMs: 1,
      },
      { type: 'text-delta', text: 'Use definePlugin' },
      { type: 'citation', citation: CITATION },
      finished,
    ]);
    running = await startWires({ agents: [agent] });
    const answer = await clientOf(running).chat.completions.create({
      model: 'agent:docs',
      messages: [{ role: 'user', content: 'How?' }],
    });
    const message = answer.choices[0]?.message;
    expect(message?.content).toBe('Use definePlugin [1]');
    expect(message?.tool_calls).toBeUndefined();
    expect(message?.annotations).toEqual([
      {
        type: 'url_citation',
        url_citation: {
          start_index: 0,
          end_index: 21,
          title: 'docs/guide.md:10-12',
          url: 'urn:espalier:docs:doc-1',
        },
      },
    ]);
    expect(agent.runs[0]).toMatchObject({ principals: ['team'] });
  });

  it('says that a paused run waits, with its id', async () => {
    const agent = scriptedAgent('docs', [
      {
        type: 'run-paused',
        requests: [{ toolCallId: 'c', toolName: 'send_mail', input: {} }],
        state: {} as never,
      },
    ]);
    running = await startWires({ agents: [agent] });
    await expect(
      clientOf(running).chat.completions.create({
        model: 'agent:docs',
        messages: [{ role: 'user', content: 'Send it' }],
      }),
    ).rejects.toMatchObject({
      status: 422,
      code: 'run_paused',
      message: expect.stringMatching(/run_[0-9a-f]+.*send_mail/u),
    });
  });
});
