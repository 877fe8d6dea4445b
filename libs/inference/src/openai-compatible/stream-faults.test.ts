import { userMessage } from '@espalier/core';
import { createFaultyUpstream, upstreamFaults, type FaultyUpstream } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { begun, chunk, completion, whole } from '../__fixtures__/chat-events.js';
import { readStream } from '../__fixtures__/read-stream.js';
import { ModelCallError, ModelResponseError, ModelStreamError } from '../errors.js';
import {
  createOpenAICompatible,
  type OpenAICompatibleOptions,
} from './create-openai-compatible.js';

const call = { messages: [userMessage('Say hello.')] };

describe('a model behind a faulty upstream, over real HTTP', () => {
  let upstream: FaultyUpstream;
  const createModel = (options: Partial<OpenAICompatibleOptions> = {}) =>
    createOpenAICompatible({
      id: 'local',
      baseURL: `${upstream.url}/v1`,
      apiKey: 'sk-very-secret',
      model: 'served-model',
      retry: { initialDelayMs: 1, maxDelayMs: 2 },
      ...options,
    });

  beforeEach(async () => {
    upstream = await createFaultyUpstream();
  });
  afterEach(() => upstream.close());

  it('gives a whole stream, with usage, whatever way its bytes are cut', async () => {
    for (const bytes of [1, 3, 7, 64]) {
      upstream.play(upstreamFaults.choppedStream(whole, bytes));
      const { text, answer, error } = await readStream(createModel(), call);
      expect(error).toBeUndefined();
      expect(text).toBe('Grüße 👋');
      expect(answer.finishReason).toBe('stop');
      expect(answer.usage).toEqual({
        inputTokens: 12,
        outputTokens: 3,
        cachedInputTokens: 4,
        reasoningTokens: 1,
      });
    }
  });

  it.each([
    ['early-close', upstreamFaults.earlyClose(begun)],
    ['connection-lost', upstreamFaults.connectionLost(begun)],
    ['cut-event', upstreamFaults.cutEvent(begun, chunk({ content: ' and goodbye' }))],
    ['garbage-event', upstreamFaults.garbageEvent(begun, whole)],
    ['stalled', upstreamFaults.stall(begun)],
    [
      'upstream-error',
      upstreamFaults.stream([
        ...begun,
        { data: { error: { message: 'Overloaded', type: 'server_error' } } },
      ]),
    ],
  ] as const)(
    'ends a stream with %s once output was released, with what was received, and does not try again',
    async (fault, script) => {
      upstream.play(script);
      upstream.playAlways(upstreamFaults.stream(whole));
      const { error, text } = await readStream(createModel({ timeouts: { idleMs: 40 } }), call);
      if (!ModelStreamError.isInstance(error))
        throw new Error(`Expected a stream error, got ${String(error)}`);
      expect(error.code).toBe('ERR_INFERENCE_STREAM_BROKEN');
      expect(error.fault).toBe(fault);
      expect(error.partial.content).toEqual([{ type: 'text', text: 'Grüße 👋' }]);
      expect(text).toBe('Grüße 👋');
      expect(upstream.requests).toHaveLength(1);
    },
  );

  it.each([
    ['an early close', upstreamFaults.earlyClose([])],
    ['a lost connection', upstreamFaults.connectionLost([])],
    ['a cut event', upstreamFaults.cutEvent([], chunk({ content: 'x' }))],
    ['a garbage event', upstreamFaults.garbageEvent([])],
    ['a stall', upstreamFaults.stall([])],
    ['a 503', upstreamFaults.serverError(503)],
    ['a 429', upstreamFaults.rateLimited('0')],
    ['a hang-up', upstreamFaults.hangUp()],
    ['headers that never come', upstreamFaults.slowHeaders()],
  ] as const)('tries again after %s while nothing was released', async (_name, script) => {
    upstream.play(script, upstreamFaults.stream(whole));
    const { error, text } = await readStream(
      createModel({ timeouts: { idleMs: 40, headersMs: 60 } }),
      call,
    );
    expect(error).toBeUndefined();
    expect(text).toBe('Grüße 👋');
    expect(upstream.requests).toHaveLength(2);
  });

  it.each([
    [
      'a 400',
      upstreamFaults.json({ error: { message: 'No such field' } }, { status: 400 }),
      'ERR_INFERENCE_REQUEST_REJECTED',
    ],
    [
      'a 401',
      upstreamFaults.json(
        { error: { message: 'Incorrect API key provided: sk-very-secret' } },
        { status: 401 },
      ),
      'ERR_INFERENCE_AUTH',
    ],
    [
      'an empty quota',
      upstreamFaults.json(
        { error: { message: 'No money', code: 'insufficient_quota' } },
        { status: 429 },
      ),
      'ERR_INFERENCE_RATE_LIMITED',
    ],
    ['a 501', upstreamFaults.serverError(501), 'ERR_INFERENCE_UPSTREAM_FAILED'],
    [
      'a redirect',
      upstreamFaults.redirect('http://127.0.0.1:9/'),
      'ERR_INFERENCE_REQUEST_REJECTED',
    ],
  ] as const)('does not try again after %s', async (_name, script, code) => {
    upstream.playAlways(script);
    const given: unknown = await createModel()
      .doGenerate(call)
      .catch((error: unknown) => error);
    const { error: streamed } = await readStream(createModel(), call);
    for (const error of [given, streamed]) {
      expect(error).toMatchObject({ code, isRetryable: false });
      expect(JSON.stringify(error) + String(error)).not.toContain('sk-very-secret');
    }
    expect(upstream.requests).toHaveLength(2);
  });

  it('gives up when the retries are used up, and tells of each', async () => {
    upstream.playAlways(upstreamFaults.serverError(500));
    const error: unknown = await createModel()
      .doGenerate(call)
      .catch((thrown: unknown) => thrown);
    if (!ModelCallError.isInstance(error)) throw new Error('Expected a model call error.');
    expect(error.code).toBe('ERR_INFERENCE_UPSTREAM_FAILED');
    expect(error.attempts.map(({ code }) => code)).toEqual([
      'ERR_INFERENCE_UPSTREAM_FAILED',
      'ERR_INFERENCE_UPSTREAM_FAILED',
    ]);
    expect(upstream.requests).toHaveLength(3);
  });

  it('passes a Retry-After beyond its time on at once', async () => {
    upstream.playAlways(upstreamFaults.rateLimited('120'));
    const { error } = await readStream(createModel(), call);
    expect(error).toMatchObject({
      code: 'ERR_INFERENCE_RATE_LIMITED',
      retryAfterMs: 120_000,
      isRetryable: true,
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([
    ['cut', upstreamFaults.cutJson(completion({ content: 'Hello' }))],
    [
      'cut by a lost connection',
      upstreamFaults.cutJson(completion({ content: 'Hello' }), { destroy: true }),
    ],
  ] as const)('gives what was received of a JSON body that is %s', async (_name, script) => {
    upstream.playAlways(script);
    const error: unknown = await createModel({ retry: { maxRetries: 0 } })
      .doGenerate(call)
      .catch((thrown: unknown) => thrown);
    if (!ModelResponseError.isInstance(error))
      throw new Error(`Expected a response error, got ${String(error)}`);
    expect(error.code).toBe('ERR_INFERENCE_RESPONSE_INVALID');
    expect(error.received).toContain('"id":"chatcmpl-1"');
  });

  it('tries again after a cut JSON body', async () => {
    upstream.play(
      upstreamFaults.cutJson(completion({ content: 'Hello' })),
      upstreamFaults.json(completion({ content: 'Hello' })),
    );
    const { content } = await createModel().doGenerate(call);
    expect(content).toEqual([{ type: 'text', text: 'Hello' }]);
  });

  it('stops reading an answer that is too large, whole or streamed, and does not ask for it again', async () => {
    upstream.play(upstreamFaults.oversized(30_000_000));
    await expect(createModel({ maxResponseBytes: 100_000 }).doGenerate(call)).rejects.toMatchObject(
      { code: 'ERR_INFERENCE_RESPONSE_TOO_LARGE', isRetryable: false },
    );
    upstream.play(upstreamFaults.commentFlood(20_000));
    const { error } = await readStream(createModel({ maxResponseBytes: 100_000 }), call);
    expect(error).toMatchObject({
      code: 'ERR_INFERENCE_STREAM_BROKEN',
      fault: 'too-large',
      isRetryable: false,
    });
    expect(upstream.requests).toHaveLength(2);
    expect(await (await upstream.request(0)).clientLeft).toBe(true);
  });

  it('does not wait for ever behind an upstream that only sends comments', async () => {
    upstream.playAlways(upstreamFaults.commentFlood(3));
    const { error } = await readStream(
      createModel({ timeouts: { outputMs: 60, idleMs: 1000 } }),
      call,
    );
    expect(error).toMatchObject({ code: 'ERR_INFERENCE_STREAM_BROKEN', fault: 'stalled' });
  });

  it('cancels the request upstream when the reader leaves', async () => {
    upstream.play([...upstreamFaults.stall(begun)]);
    const { stream } = await createModel().doStream(call);
    for await (const part of stream) if (part.type === 'text-delta') break;
    expect(await (await upstream.request(0)).clientLeft).toBe(true);
  });

  it('cancels the request upstream when a stream is left before it is read', async () => {
    upstream.play([...upstreamFaults.stall(begun)]);
    const { stream } = await createModel().doStream(call);
    await stream[Symbol.asyncIterator]().return?.();
    expect(await (await upstream.request(0)).clientLeft).toBe(true);
  });

  it.each([
    ['before the headers', upstreamFaults.slowHeaders()],
    ['in mid-stream', upstreamFaults.stall(begun)],
  ] as const)('passes an abort %s on as it is, and never tries again', async (_name, script) => {
    upstream.playAlways(script);
    const controller = new AbortController();
    const reason = new Error('The user pressed stop.');
    const reading = readStream(createModel(), { ...call, abortSignal: controller.signal });
    const request = await upstream.request(0);
    controller.abort(reason);
    expect((await reading).error).toBe(reason);
    expect(await request.clientLeft).toBe(true);
    expect(upstream.requests).toHaveLength(1);
  });

  it('names the place it could not connect to, without the credentials in it', async () => {
    await upstream.close();
    const model = createModel({
      baseURL: `${upstream.url.replace('//', '//user:pass-word@')}/v1`,
      retry: { maxRetries: 0 },
    });
    const error: unknown = await model.doGenerate(call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_INFERENCE_CONNECTION', isRetryable: true });
    expect(String(error)).toContain('ECONNREFUSED');
    expect(String(error)).not.toContain('pass-word');
  });

  it('uses connections again for calls that follow each other', async () => {
    upstream.playAlways(upstreamFaults.stream(whole));
    const model = createModel();
    const ports = new Set<unknown>();
    for (let count = 0; count < 6; count += 1) {
      await readStream(model, call);
      ports.add((await upstream.request(count)).clientPort);
    }
    // The end of a body may come just after the next call began.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});
