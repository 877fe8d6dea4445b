import { userMessage } from '@espalier/core';
import { createFaultyUpstream, upstreamFaults, type FaultyUpstream } from '@espalier/testing';
import { describeLanguageModelConformance } from '@espalier/testing/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  begun,
  completion,
  toolCallCompletion,
  toolCallStream,
  whole,
} from '../__fixtures__/chat-events.js';
import { createScriptedFetch } from '../__fixtures__/scripted-fetch.js';
import { readStream } from '../__fixtures__/read-stream.js';
import { createOpenAIEmbedding } from './create-openai-embedding.js';
import { createOpenAI, type OpenAIOptions } from './create-openai.js';

describe('createOpenAI, over the official client', () => {
  let upstream: FaultyUpstream;
  const createModel = (options: Partial<OpenAIOptions> = {}) =>
    createOpenAI({
      apiKey: 'sk-very-secret',
      modelId: 'gpt-4.1',
      baseURL: `${upstream.url}/v1`,
      retry: { initialDelayMs: 1 },
      ...options,
    });

  beforeEach(async () => {
    upstream = await createFaultyUpstream();
  });
  afterEach(() => upstream.close());

  it('sends what the official client makes of the call', async () => {
    upstream.play(upstreamFaults.json(completion({ content: 'Hello.' })));
    const result = await createModel({
      organization: 'org-1',
      headers: { 'x-team': 'blue' },
    }).doGenerate({
      messages: [userMessage('Hi \ud83d')],
      maxOutputTokens: 5,
      headers: { 'x-trace': 't1' },
    });
    const request = upstream.requests[0];
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer sk-very-secret',
      'openai-organization': 'org-1',
      'x-team': 'blue',
      'x-trace': 't1',
    });
    expect(request?.headers['user-agent']).toContain('OpenAI');
    expect(request?.body).toEqual({
      model: 'gpt-4.1',
      max_completion_tokens: 5,
      messages: [{ role: 'user', content: 'Hi \ufffd' }],
    });
    expect(result.content).toEqual([{ type: 'text', text: 'Hello.' }]);
  });

  it('takes no stream that breaks off for a whole one', async () => {
    upstream.play(upstreamFaults.earlyClose(begun));
    const { error, text } = await readStream(createModel(), { messages: [userMessage('Hi')] });
    expect(error).toMatchObject({ code: 'ERR_INFERENCE_STREAM_BROKEN', fault: 'early-close' });
    expect(text).toBe('Grüße 👋');
  });

  it('tries again by the rules of this library, not of the client', async () => {
    upstream.play(
      upstreamFaults.serverError(),
      upstreamFaults.hangUp(),
      upstreamFaults.stream(whole),
    );
    expect((await readStream(createModel(), { messages: [userMessage('Hi')] })).text).toBe(
      'Grüße 👋',
    );
    expect(upstream.requests).toHaveLength(3);
  });

  it('cancels the request upstream on abort, and throws the reason', async () => {
    upstream.playAlways(upstreamFaults.stall(begun));
    const controller = new AbortController();
    const reason = new Error('Stop.');
    const { stream } = await createModel().doStream({
      messages: [userMessage('Hi')],
      abortSignal: controller.signal,
    });
    const reading = (async () => {
      for await (const part of stream) if (part.type === 'text-delta') controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    expect(await (await upstream.request(0)).clientLeft).toBe(true);
  });

  it('keeps sampling options from models that reason, and says so', async () => {
    upstream.playAlways(upstreamFaults.json(completion({ content: 'Hello.' })));
    const { warnings } = await createModel({ modelId: 'o4-mini' }).doGenerate({
      messages: [userMessage('Hi')],
      temperature: 0.5,
      reasoningEffort: 'low',
    });
    expect(warnings).toEqual([
      { option: 'temperature', message: expect.stringContaining('o4-mini') as string },
    ]);
    expect(upstream.requests[0]?.body).toMatchObject({ reasoning_effort: 'low' });
    expect(upstream.requests[0]?.body).not.toHaveProperty('temperature');
  });

  it('embeds texts as vectors of length 1, in order, an empty text as zero', async () => {
    upstream.play(
      upstreamFaults.json({
        data: [
          { index: 1, embedding: [0, 2] },
          { index: 0, embedding: [3, 4] },
        ],
        usage: { prompt_tokens: 4 },
      }),
    );
    const model = createOpenAIEmbedding({
      apiKey: 'k',
      modelId: 'text-embedding-3-small',
      dimension: 2,
      baseURL: `${upstream.url}/v1`,
    });
    const { embeddings, usage } = await model.doEmbed({ texts: ['one', '', 'two'] });
    expect(
      embeddings.map((vector) => [...vector].map((value) => Number(value.toFixed(3)))),
    ).toEqual([
      [0.6, 0.8],
      [0, 0],
      [0, 1],
    ]);
    expect(usage).toEqual({ inputTokens: 4 });
    expect(upstream.requests[0]?.body).toEqual({
      model: 'text-embedding-3-small',
      input: ['one', 'two'],
      encoding_format: 'float',
      dimensions: 2,
    });
  });

  it('says so when the vectors have another length than was told', async () => {
    upstream.playAlways(upstreamFaults.json({ data: [{ index: 0, embedding: [1, 2, 3] }] }));
    const model = createOpenAIEmbedding({
      apiKey: 'k',
      modelId: 'text-embedding-3-small',
      dimension: 2,
      baseURL: `${upstream.url}/v1`,
      retry: { maxRetries: 0 },
    });
    await expect(model.doEmbed({ texts: ['one'] })).rejects.toMatchObject({
      code: 'ERR_INFERENCE_RESPONSE_INVALID',
    });
  });
});

describeLanguageModelConformance('createOpenAI', {
  create: (scenario) =>
    createOpenAI({
      apiKey: 'k',
      modelId: 'gpt-4.1',
      fetch: createScriptedFetch(
        scenario === 'tool-call'
          ? [toolCallCompletion, toolCallStream]
          : [completion({ content: 'Grüße 👋' }), whole],
        scenario === 'fault' ? 400 : 200,
      ),
    }),
});
