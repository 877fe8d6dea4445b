import Anthropic from '@anthropic-ai/sdk';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGuardrails, createPiiRail } from '@espalier/guardrails';
import {
  createFaultyUpstream,
  createMockModel,
  upstreamFaults,
  type FaultyUpstream,
} from '@espalier/testing';
import { streamText } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CITATION,
  scriptedAgent,
  startWires,
  targetAt,
  TEST_KEY,
  type RunningWires,
} from '../__fixtures__/start-wires.js';

let running: RunningWires | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

function clientOf({ url }: RunningWires): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: TEST_KEY, maxRetries: 0 });
}

const hello = { model: 'm', max_tokens: 50, messages: [{ role: 'user' as const, content: 'Hi' }] };
const tools = [
  {
    name: 'weather',
    description: 'Tells the weather.',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
  },
];

describe('messages of a model', () => {
  it('answers the official client with text, stop reason and usage', async () => {
    const model = createMockModel([
      { text: 'Hello.', usage: { inputTokens: 5, outputTokens: 3, cachedInputTokens: 2 } },
    ]);
    running = await startWires({ models: { m: model } });
    const answer = await clientOf(running).messages.create({
      ...hello,
      system: 'Be brief.',
      temperature: 0.5,
    } as never);
    expect(answer.content).toMatchObject([{ type: 'text', text: 'Hello.' }]);
    expect(answer).toMatchObject({
      model: 'm',
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, cache_read_input_tokens: 2, output_tokens: 3 },
    });
    expect(model.calls[0]).toMatchObject({
      maxOutputTokens: 50,
      temperature: 0.5,
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
    });
  });

  it('streams thinking, text and tool calls as blocks that the official client puts together', async () => {
    const model = createMockModel([
      {
        reasoning: 'Hm.',
        text: ['Hel', 'lo'],
        toolCalls: [{ toolName: 'weather', input: { city: 'Bern' } }],
      },
    ]);
    running = await startWires({ models: { m: model } });
    const message = await clientOf(running)
      .messages.stream({ ...hello, tools })
      .finalMessage();
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', name: 'weather', input: { city: 'Bern' } },
    ]);
    expect(message.stop_reason).toBe('tool_use');
  });

  it('takes tool results, images and documents back to the model', async () => {
    const model = createMockModel(['Sunny.']);
    running = await startWires({ models: { m: model } });
    await clientOf(running).messages.create({
      ...hello,
      tools,
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'image',
              source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
            },
            {
              type: 'document',
              source: { type: 'text', media_type: 'text/plain', data: 'Facts.' },
              title: 'F',
            },
            { type: 'text', text: 'Weather?' },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Bern' } }],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 't1', content: 'sunny', is_error: true }],
        },
      ],
    });
    expect(model.calls[0]).toMatchObject({
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', mediaType: 'image/png' },
            { type: 'text', text: 'F\n\nFacts.' },
            { type: 'text', text: 'Weather?' },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 't1', input: { city: 'Bern' } }],
        },
        {
          role: 'tool',
          content: [{ toolCallId: 't1', toolName: 'weather', output: 'sunny', isError: true }],
        },
      ],
    });
  });

  it('passes a JSON schema on and counts tokens', async () => {
    const model = createMockModel(['{}']);
    running = await startWires({ models: { m: model } });
    const schema = { type: 'object', properties: {} };
    await clientOf(running).messages.create({
      ...hello,
      output_config: { format: { type: 'json_schema', schema } },
    });
    expect(model.calls[0]?.responseFormat).toMatchObject({ type: 'json', schema });
    const count = await clientOf(running).messages.countTokens({
      model: 'm',
      messages: hello.messages,
    });
    expect(count.input_tokens).toBeGreaterThan(0);
  });

  it('streams to the ai package, and tells of a fault there', async () => {
    running = await startWires({
      models: {
        m: createMockModel(['Hello.']),
        broken: createMockModel([
          { error: new Error('boom'), afterParts: [{ type: 'text-delta', id: '1', text: 'Hal' }] },
        ]),
      },
    });
    const provider = createAnthropic({ baseURL: `${running.url}/v1`, apiKey: TEST_KEY });
    expect(await streamText({ model: provider('m'), prompt: 'Hi' }).text).toBe('Hello.');
    const errors: unknown[] = [];
    const broken = streamText({
      model: provider('broken'),
      prompt: 'Hi',
      onError: ({ error }) => void errors.push(error),
    });
    await broken.consumeStream();
    expect(errors).toHaveLength(1);
  });

  it('has the error shape of the API', async () => {
    running = await startWires();
    await expect(clientOf(running).messages.create(hello)).rejects.toMatchObject({
      status: 404,
      error: { type: 'error', error: { type: 'not_found_error' }, request_id: expect.any(String) },
    });
  });

  it('lists models in the form of the API', async () => {
    running = await startWires({
      models: { m: createMockModel([]), 'hub/model': createMockModel([]) },
    });
    const client = clientOf(running);
    const ids: string[] = [];
    for await (const model of client.models.list({ limit: 1 })) ids.push(model.id);
    expect(ids).toEqual(['m', 'hub/model']);
    expect((await client.models.retrieve('m')).type).toBe('model');
    const response = await fetch(`${running.url}/v1/models/hub/model`, {
      headers: { 'x-api-key': TEST_KEY },
    });
    expect(await response.json()).toMatchObject({ id: 'hub/model', object: 'model' });
  });
});

describe('messages of an agent', () => {
  it('shows citations as citations', async () => {
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
    const message = await clientOf(running)
      .messages.stream({ ...hello, model: 'agent:docs' })
      .finalMessage();
    expect(message.content).toMatchObject([
      {
        type: 'text',
        text: 'Use definePlugin [1].',
        citations: [
          {
            type: 'char_location',
            cited_text: CITATION.quote,
            document_title: 'docs/guide.md:10-12',
            start_char_index: 100,
          },
        ],
      },
    ]);
  });
});

describe('messages forwarded to an upstream', () => {
  let upstream: FaultyUpstream;
  beforeEach(async () => {
    upstream = await createFaultyUpstream();
  });
  afterEach(async () => {
    await upstream.close();
  });

  const event = (value: { type: string; [key: string]: unknown }) => ({
    event: value.type,
    data: value,
  });
  const usage = { input_tokens: 4, output_tokens: 1 };
  const begin = [
    event({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'upstream-model',
        content: [],
        usage,
      },
    }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  ];
  const text = (value: string) =>
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: value } });
  const end = [
    event({ type: 'content_block_stop', index: 0 }),
    event({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 9 },
    }),
    event({ type: 'message_stop' }),
  ];

  const start = async (hasRails: boolean): Promise<Anthropic> => {
    running = await startWires({
      models: { m: createMockModel([]) },
      targets: {
        m: targetAt(`${upstream.url}/v1/messages`, {
          wire: 'anthropic-messages',
          timeouts: { headersMs: 5_000, idleMs: 100, outputMs: 5_000 },
        }),
      },
      ...(hasRails
        ? { context: { guardrails: createGuardrails({ rails: [createPiiRail()] }) } }
        : {}),
    });
    return clientOf(running);
  };

  it.each([false, true])(
    'streams what the upstream streams, whole and cleared (rails: %s)',
    async (hasRails) => {
      const client = await start(hasRails);
      upstream.play(
        upstreamFaults.choppedStream(
          [...begin, text('Mail an'), text('na@exam'), text('ple.com.'), ...end],
          11,
        ),
      );
      const message = await client.messages.stream(hello).finalMessage();
      expect(message.model).toBe('m');
      const said = message.content[0]?.type === 'text' ? message.content[0].text : '';
      if (hasRails) expect(said).not.toMatch(/anna|example/u);
      else expect(said).toBe('Mail anna@example.com.');
      expect((await running?.ended(0))?.usage).toEqual({ inputTokens: 4, outputTokens: 9 });
      expect((await upstream.request(0)).headers['anthropic-version']).toMatch(
        /^\d{4}-\d\d-\d\d$/u,
      );
    },
  );

  it.each([
    ['an early close', upstreamFaults.earlyClose([...begin, text('Hal')])],
    ['a lost connection', upstreamFaults.connectionLost([...begin, text('Hal')])],
    ['a cut event', upstreamFaults.cutEvent([...begin], text('Hal'))],
    ['a garbage event', upstreamFaults.garbageEvent([...begin])],
    ['a stall', upstreamFaults.stall([...begin, text('Hal')])],
  ])('tells of %s in the stream', async (_, script) => {
    for (const hasRails of [false, true]) {
      const client = await start(hasRails);
      upstream.play(script);
      await expect(client.messages.stream(hello).finalMessage()).rejects.toThrow(/upstream/u);
      await running?.close();
    }
  });

  it('answers whole messages, guarded', async () => {
    const client = await start(true);
    upstream.play(
      upstreamFaults.json({
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'upstream-model',
        content: [{ type: 'text', text: 'Mail anna@example.com' }],
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage,
      }),
    );
    const message = await client.messages.create(hello);
    expect(JSON.stringify(message)).not.toContain('anna');
    expect(message.model).toBe('m');
  });
});
