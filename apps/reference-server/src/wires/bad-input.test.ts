import { request } from 'node:http';
import { createMockModel } from '@espalier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startWires, TEST_KEY, type RunningWires } from './__fixtures__/start-wires.js';
import { DEFAULT_WIRE_LIMITS, type WiresContext } from './wires-context.js';

let running: RunningWires | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const model = () => createMockModel({ turns: () => 'Fine.' });

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  options: { path?: string; key?: string; context?: Partial<WiresContext> } = {},
): Promise<{ status: number; body: { error: Record<string, unknown> }; headers: Headers }> {
  running ??= await startWires({
    models: { m: model() },
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  const response = await fetch(`${running.url}${options.path ?? '/v1/chat/completions'}`, {
    method: 'POST',
    headers: options.key === '' ? {} : { 'x-api-key': options.key ?? TEST_KEY },
    body,
  });
  return {
    status: response.status,
    body: (await response.json()) as never,
    headers: response.headers,
  };
}

const good = (extra = ''): string =>
  `{"model":"m","messages":[{"role":"user","content":"Hi"}]${extra}}`;

describe('bad input', () => {
  it.each([
    ['malformed JSON', '{"model":', 400, 'ERR_WIRE_REQUEST_INVALID'],
    ['an array', '[]', 400, 'ERR_WIRE_REQUEST_INVALID'],
    ['no body', '', 400, 'ERR_WIRE_REQUEST_INVALID'],
    [
      'a depth of 100,000',
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      400,
      'ERR_WIRE_BODY_TOO_DEEP',
    ],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 400, 'ERR_WIRE_REQUEST_INVALID'],
    ['wrong types', good(',"temperature":"hot"'), 400, 'ERR_WIRE_REQUEST_INVALID'],
    ['no messages', '{"model":"m","messages":[]}', 400, 'ERR_WIRE_REQUEST_INVALID'],
    [
      'an unknown model',
      '{"model":"nope","messages":[{"role":"user","content":"Hi"}]}',
      404,
      'model_not_found',
    ],
  ])('answers %s with its status and a typed error', async (_, body, status, code) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ code, type: 'invalid_request_error' });
    expect((await post(good())).status).toBe(200);
  });

  it('names the field that is wrong', async () => {
    expect(
      (await post('{"model":"m","messages":[{"role":"user","content":5}]}')).body.error['param'],
    ).toBe('messages[0].content');
  });

  it('takes the last of doubled keys, drops __proto__ and mends half surrogates', async () => {
    const mock = model();
    running = await startWires({ models: { m: mock } });
    const answer = await post(
      '{"model":"x","model":"m","__proto__":{"polluted":1},"messages":[{"role":"user","content":"a\\ud800b"}]}',
    );
    expect(answer.status).toBe(200);
    expect(mock.calls[0]?.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'a\ufffdb' }] },
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each([
    ['no key', '', 'No API key'],
    ['an unknown key', 'esp_other', 'not known'],
    ['an expired key', 'esp_expired', 'expired'],
    ['a revoked key', 'esp_revoked', 'revoked'],
  ])('refuses %s with 401 in the form of each API', async (_, key, words) => {
    const openai = await post(good(), { key });
    expect(openai.status).toBe(401);
    expect(openai.body.error).toMatchObject({
      code: 'invalid_api_key',
      message: expect.stringContaining(words),
    });
    const anthropic = await post(good(), { key, path: '/v1/messages' });
    expect(anthropic.body).toMatchObject({
      type: 'error',
      error: { type: 'authentication_error' },
    });
  });

  it('answers bodies beyond the limit with 413, declared or not', async () => {
    const context = { limits: { ...DEFAULT_WIRE_LIMITS, bodyBytes: 1_000 } };
    expect((await post(good(`,"x":"${'y'.repeat(5_000_000)}"`), { context })).status).toBe(413);
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(600).fill(0x20));
      },
    });
    const response = await fetch(`${running?.url ?? ''}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': TEST_KEY },
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { type: 'request_too_large' } });
  });

  it('gives up on a body that stops coming', async () => {
    running = await startWires({
      models: { m: model() },
      context: { limits: { ...DEFAULT_WIRE_LIMITS, bodyIdleMs: 50 } },
    });
    const status = await new Promise((resolve) => {
      const sent = request(
        `${running?.url ?? ''}/v1/chat/completions`,
        { method: 'POST', headers: { 'x-api-key': TEST_KEY, 'content-length': '100' } },
        (response) => {
          resolve(response.statusCode);
          sent.destroy();
        },
      );
      sent.on('error', () => undefined);
      sent.write('{"model"');
    });
    expect(status).toBe(408);
  });

  it('answers 429 with Retry-After when the rate is limited, and 503 while it stops', async () => {
    const limited = await post(good(), {
      context: { limitRate: () => ({ isAllowed: false, retryAfterMs: 2_500 }) },
    });
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('3');
    await running?.close();
    running = undefined;
    expect((await post(good(), { context: { isDraining: () => true } })).status).toBe(503);
  });

  it('logs a line for each request, with no key and no text of it', async () => {
    await post(good());
    const lines = JSON.stringify(running?.logger.lines);
    expect(lines).toContain('"status":200');
    expect(lines).not.toContain(TEST_KEY);
    expect(lines).not.toContain('Hi');
  });
});
