import OpenAI from 'openai';
import { createGuardrails, createPiiRail } from '@espalier/guardrails';
import {
  createFaultyUpstream,
  createMockModel,
  upstreamFaults,
  type FaultyUpstream,
} from '@espalier/testing';
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

describe('chat completions forwarded to an upstream', () => {
  let upstream: FaultyUpstream;
  beforeEach(async () => {
    upstream = await createFaultyUpstream();
  });
  afterEach(async () => {
    await upstream.close();
  });

  const chunk = (delta: object, finishReason: string | null = null) => ({
    data: {
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'upstream-model',
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    },
  });
  const usageChunk = {
    data: {
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'upstream-model',
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    },
  };
  const whole = [
    chunk({ role: 'assistant', content: 'Hel' }),
    chunk({ content: 'lo' }),
    chunk({}, 'stop'),
    usageChunk,
    '[DONE]',
  ];
  const hello = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };

  const start = async (
    options: {
      timeouts?: Partial<Record<'headersMs' | 'idleMs' | 'outputMs', number>>;
      guardrails?: boolean;
    } = {},
  ) => {
    running = await startWires({
      models: { m: createMockModel([]) },
      targets: {
        m: targetAt(`${upstream.url}/v1/chat/completions`, {
          timeouts: { headersMs: 5_000, idleMs: 5_000, outputMs: 5_000, ...options.timeouts },
        }),
      },
      ...(options.guardrails === true
        ? { context: { guardrails: createGuardrails({ rails: [createPiiRail()] }) } }
        : {}),
    });
    return clientOf(running);
  };

  it('rewrites the model both ways, keeps unknown fields, and never shows the keys of either side to the other', async () => {
    const client = await start();
    upstream.play(
      upstreamFaults.json({
        id: 'c1',
        object: 'chat.completion',
        created: 1,
        model: 'upstream-model',
        choices: [
          { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' },
        ],
        usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
        vendor_field: 1,
      }),
    );
    const answer = await client.chat.completions.create({ ...hello, custom: { a: 1 } } as never);
    expect(answer).toMatchObject({ model: 'm', vendor_field: 1 });
    const request = await upstream.request(0);
    expect(request.body).toEqual({ ...hello, model: 'upstream-model', custom: { a: 1 } });
    expect(request.headers.authorization).toBe('Bearer upstream-secret');
    expect((await running?.ended(0))?.usage).toEqual({ inputTokens: 3, outputTokens: 2 });
  });

  it.each([
    { guardrails: false, bytes: 1_000 },
    { guardrails: true, bytes: 1_000 },
    { guardrails: false, bytes: 7 },
    { guardrails: true, bytes: 7 },
  ])(
    'streams what the upstream streams (rails: $guardrails, $bytes bytes a piece)',
    async ({ guardrails, bytes }) => {
      const client = await start({ guardrails });
      upstream.play(upstreamFaults.choppedStream(whole, bytes));
      const models = new Set<string>();
      let text = '';
      let usages = 0;
      for await (const part of await client.chat.completions.create({ ...hello, stream: true })) {
        models.add(part.model);
        text += part.choices[0]?.delta.content ?? '';
        if (part.usage) usages++;
      }
      expect(text).toBe('Hello');
      expect([...models]).toEqual(['m']);
      expect(usages).toBe(0);
      expect((await running?.ended(0))?.usage).toEqual({ inputTokens: 3, outputTokens: 2 });
      expect((await upstream.request(0)).body).toMatchObject({
        stream_options: { include_usage: true },
      });
    },
  );

  it('shows usage to a caller that asks for it', async () => {
    const client = await start();
    upstream.play(upstreamFaults.stream(whole));
    let total = 0;
    for await (const part of await client.chat.completions.create({
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    })) {
      total = part.usage?.total_tokens ?? total;
    }
    expect(total).toBe(5);
  });

  it('never releases a character that a rail has not cleared', async () => {
    const client = await start({ guardrails: true });
    upstream.play(
      upstreamFaults.stream([
        chunk({ role: 'assistant', content: '' }),
        ...[...'Mail anna@example.com or call.'].map((content) => chunk({ content })),
        chunk({}, 'stop'),
        '[DONE]',
      ]),
    );
    let text = '';
    for await (const part of await client.chat.completions.create({ ...hello, stream: true })) {
      text += part.choices[0]?.delta.content ?? '';
    }
    expect(text).toMatch(/^Mail .+ or call\.$/u);
    expect(text).not.toMatch(/anna|example/u);
  });

  it.each([
    ['early close', upstreamFaults.earlyClose([whole[0] as never]), 'ERR_WIRE_UPSTREAM_CLOSED'],
    [
      'a lost connection',
      upstreamFaults.connectionLost([whole[0] as never]),
      'ERR_WIRE_UPSTREAM_CLOSED',
    ],
    [
      'a cut event',
      upstreamFaults.cutEvent([whole[0] as never], whole[1] as never),
      'ERR_WIRE_UPSTREAM_CLOSED',
    ],
    [
      'a garbage event',
      upstreamFaults.garbageEvent([whole[0] as never]),
      'ERR_WIRE_UPSTREAM_GARBAGE',
    ],
    ['a stall', upstreamFaults.stall([whole[0] as never]), 'ERR_WIRE_UPSTREAM_TIMEOUT'],
  ])('tells of %s in the stream, after what was received', async (_, script, code) => {
    for (const guardrails of [false, true]) {
      const client = await start({ guardrails, timeouts: { idleMs: 100 } });
      upstream.play(script);
      let text = '';
      await expect(async () => {
        for await (const part of await client.chat.completions.create({ ...hello, stream: true })) {
          text += part.choices[0]?.delta.content ?? '';
        }
      }).rejects.toMatchObject({ code });
      if (!guardrails) expect(text).toBe('Hel');
      await running?.close();
    }
  });

  it.each([
    ['a flood of comments', upstreamFaults.commentFlood(50), { outputMs: 100 }, 504],
    ['no headers', upstreamFaults.slowHeaders(), { headersMs: 100 }, 504],
    ['a hang-up', upstreamFaults.hangUp(), {}, 502],
    ['a redirect', upstreamFaults.redirect('http://127.0.0.1:1/'), {}, 502],
    ['JSON for a stream', upstreamFaults.json({}), {}, 502],
  ])('answers %s before the first event with a status', async (_, script, timeouts, status) => {
    const client = await start({ timeouts });
    upstream.play(script);
    await expect(client.chat.completions.create({ ...hello, stream: true })).rejects.toMatchObject({
      status,
    });
  });

  it.each([
    ['a cut answer', upstreamFaults.cutJson({ choices: [] }), 502],
    [
      'a cut answer on a broken connection',
      upstreamFaults.cutJson({ choices: [] }, { destroy: true }),
      502,
    ],
    ['an oversized answer', upstreamFaults.oversized(2_000_000), 502],
    ['a 503 in HTML', upstreamFaults.serverError(503), 503],
    [
      'a 401 of its own',
      upstreamFaults.json({ error: { message: 'bad key sk-123' } }, { status: 401 }),
      502,
    ],
    [
      'a 400',
      upstreamFaults.json({ error: { message: 'too long', param: 'messages' } }, { status: 400 }),
      400,
    ],
  ])('answers %s with the status that tells of it', async (_, script, status) => {
    const client = await start();
    upstream.play(script);
    const error = await client.chat.completions.create(hello).then(
      () => undefined,
      (thrown: unknown) => thrown as { status: number; message: string },
    );
    expect(error?.status).toBe(status);
    expect(error?.message).not.toContain('sk-123');
  });

  it('passes a 429 on at once with its Retry-After', async () => {
    const client = await start();
    upstream.play(upstreamFaults.rateLimited('17'));
    const error = await client.chat.completions.create(hello).then(
      () => undefined,
      (thrown: unknown) => thrown as { status: number; headers: Headers },
    );
    expect(error?.status).toBe(429);
    expect(error?.headers.get('retry-after')).toBe('17');
    expect(upstream.requests).toHaveLength(1);
  });

  it('aborts the upstream when the client leaves', async () => {
    const client = await start();
    upstream.play(upstreamFaults.stall([whole[0] as never]));
    for await (const _ of await client.chat.completions.create({ ...hello, stream: true })) break;
    expect(await (await upstream.request(0)).clientLeft).toBe(true);
    expect((await running?.ended(0))?.status).toBe(499);
  });

  it('answers 502 when nothing listens', async () => {
    const client = await start();
    await upstream.close();
    await expect(client.chat.completions.create(hello)).rejects.toMatchObject({
      status: 502,
      code: 'ERR_WIRE_UPSTREAM_UNREACHABLE',
    });
  });
});
