import OpenAI from 'openai';
import { createGuardrails, createPiiRail } from '@espalier/guardrails';
import {
  createFaultyUpstream,
  createMockModel,
  upstreamFaults,
  type FaultyUpstream,
} from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWires, targetAt, TEST_KEY, type RunningWires } from '../__fixtures__/start-wires.js';

let running: RunningWires | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

function clientOf({ url }: RunningWires, apiKey = TEST_KEY): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

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
