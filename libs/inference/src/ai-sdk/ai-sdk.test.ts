import type {
  EmbeddingModelV2,
  EmbeddingModelV3,
  EmbeddingModelV4,
  LanguageModelV2,
  LanguageModelV3,
  LanguageModelV4,
} from '@ai-sdk/provider';
import { userMessage, type PassagePart } from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { describeLanguageModelConformance } from '@espalier/testing/conformance';
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';
import * as aiTest from 'ai/test';
import { describe, expect, it } from 'vitest';
import {
  completion,
  toolCallCompletion,
  toolCallStream,
  whole,
} from '../__fixtures__/chat-events.js';
import { createScriptedFetch } from '../__fixtures__/scripted-fetch.js';
import { readStream } from '../__fixtures__/read-stream.js';
import { createExtractiveAnswerer } from '../extractive/create-extractive-answerer.js';
import { createOpenAICompatible } from '../openai-compatible/create-openai-compatible.js';
import { fromAiSdkEmbedding } from './from-ai-sdk-embedding.js';
import { fromAiSdk } from './from-ai-sdk.js';
import { toAiSdk } from './to-ai-sdk.js';

const call = { messages: [userMessage('Hi')] };
const wireModel = (
  script: Parameters<typeof createScriptedFetch>[0],
  onRequest?: (body: Record<string, unknown>) => void,
) => {
  const scripted = createScriptedFetch(script);
  return createOpenAICompatible({
    id: 'local',
    baseURL: 'http://model.test/v1',
    model: 'm',
    fetch: (input, init) => {
      onRequest?.(JSON.parse(init?.body as string) as Record<string, unknown>);
      return scripted(input, init);
    },
  });
};

const passage: PassagePart = {
  type: 'passage',
  index: 1,
  passage: {
    id: 'p1',
    documentId: 'd1',
    source: 'guide.md',
    title: 'Guide',
    text: 'A plug-in is written with definePlugin.',
    span: { start: 0, end: 39 },
    lines: { start: 1, end: 1 },
  },
};

describe('toAiSdk, used by the AI SDK itself', () => {
  it('is a LanguageModelV4 to the compiler', () => {
    const model: LanguageModelV4 = toAiSdk(createExtractiveAnswerer());
    expect(model.specificationVersion).toBe('v4');
  });

  it('serves generateText', async () => {
    const result = await generateText({
      model: toAiSdk(wireModel([completion({ content: 'Grüße 👋' }), whole])),
      instructions: 'Be brief.',
      prompt: 'Hi',
    });
    expect(result.text).toBe('Grüße 👋');
    expect(result.finishReason).toBe('stop');
    expect(result.usage).toMatchObject({ inputTokens: 12, outputTokens: 3 });
  });

  it('serves streamText', async () => {
    const result = streamText({ model: toAiSdk(wireModel([completion({}), whole])), prompt: 'Hi' });
    let text = '';
    for await (const delta of result.textStream) text += delta;
    expect(text).toBe('Grüße 👋');
    expect(await result.usage).toMatchObject({ inputTokens: 12, outputTokens: 3 });
  });

  it('serves a tool loop: the call runs, and its result goes back', async () => {
    const bodies: Record<string, unknown>[] = [];
    const scripts = [
      createScriptedFetch([toolCallCompletion, toolCallStream]),
      createScriptedFetch([completion({ content: 'Sunny.' }), whole]),
    ];
    const model = createOpenAICompatible({
      id: 'local',
      baseURL: 'http://model.test/v1',
      model: 'm',
      fetch: (input, init) => {
        bodies.push(JSON.parse(init?.body as string) as Record<string, unknown>);
        return (scripts[bodies.length - 1] ?? fetch)(input, init);
      },
    });
    const result = await generateText({
      model: toAiSdk(model),
      prompt: 'Weather?',
      stopWhen: stepCountIs(3),
      tools: {
        get_weather: tool({
          description: 'Tells the weather.',
          inputSchema: jsonSchema<{ city: string }>({
            type: 'object',
            properties: { city: { type: 'string' } },
          }),
          execute: ({ city }) => ({ city, sky: 'clear' }),
        }),
      },
    });
    expect(result.text).toBe('Sunny.');
    expect(bodies[0]?.['tools']).toMatchObject([
      { function: { name: 'get_weather', parameters: { type: 'object' } } },
    ]);
    expect(bodies[1]?.['messages']).toMatchObject([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        tool_calls: [
          { id: 'call_1', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '{"city":"Paris","sky":"clear"}' },
    ]);
  });

  it('serves structured output', async () => {
    const bodies: Record<string, unknown>[] = [];
    const model = wireModel([completion({ content: '{"city":"Paris"}' }), whole], (body) =>
      bodies.push(body),
    );
    const schema = jsonSchema<{ city: string }>({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    });
    const { output } = await generateText({
      model: toAiSdk(model),
      prompt: 'Where?',
      output: Output.object({ schema }),
    });
    expect(output).toEqual({ city: 'Paris' });
    expect(bodies[0]?.['response_format']).toMatchObject({
      type: 'json_schema',
      json_schema: { schema: { required: ['city'] } },
    });
  });

  it('gives citations as sources, of passages passed as provider options', async () => {
    const result = await generateText({
      model: toAiSdk(createExtractiveAnswerer()),
      prompt: 'How is a plug-in written?',
      providerOptions: { espalier: { passages: [passage as never] } },
    });
    expect(result.text).toBe('A plug-in is written with definePlugin. [1]');
    expect(result.sources).toMatchObject([
      { sourceType: 'document', title: 'Guide', filename: 'guide.md' },
    ]);
  });

  it('gives a fault in a stream as its error part', async () => {
    const cut = toAiSdk(wireModel([completion({}), whole.slice(0, 2)]));
    const errors: unknown[] = [];
    const result = streamText({
      model: cut,
      prompt: 'Hi',
      onError: ({ error }) => void errors.push(error),
    });
    for await (const _ of result.stream);
    expect(errors).toMatchObject([{ code: 'ERR_INFERENCE_STREAM_BROKEN', fault: 'early-close' }]);
  });
});

const usageV2 = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
const usageV4 = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 2, text: 2, reasoning: undefined },
};

/** One model of each interface version that answers `Hello`, typed by the AI SDK's own packages. */
function sdkModels(): {
  v2: LanguageModelV2;
  v3: LanguageModelV3;
  v4: LanguageModelV4;
  prompts: unknown[];
} {
  const prompts: unknown[] = [];
  const v2: LanguageModelV2 = {
    specificationVersion: 'v2',
    provider: 'sdk',
    modelId: 'two',
    supportedUrls: {},
    doGenerate: (options) => {
      prompts.push(options.prompt);
      return Promise.resolve({
        content: [{ type: 'text', text: 'Hello' }],
        finishReason: 'stop',
        usage: usageV2,
        warnings: [{ type: 'unsupported-setting', setting: 'seed' }],
      });
    },
    doStream: () =>
      Promise.resolve({
        stream: aiTest.convertArrayToReadableStream([
          { type: 'stream-start', warnings: [] },
          { type: 'text-start', id: '1' },
          { type: 'text-delta', id: '1', delta: 'Hello' },
          { type: 'text-end', id: '1' },
          { type: 'finish', finishReason: 'stop', usage: usageV2 },
        ]),
      }),
  };
  const stream = () =>
    aiTest.convertArrayToReadableStream([
      { type: 'stream-start' as const, warnings: [] },
      { type: 'text-start' as const, id: '1' },
      { type: 'text-delta' as const, id: '1', delta: 'Hello' },
      { type: 'text-end' as const, id: '1' },
      {
        type: 'finish' as const,
        finishReason: { unified: 'stop' as const, raw: 'stop' },
        usage: usageV4,
      },
    ]);
  const v4 = new aiTest.MockLanguageModelV4({
    provider: 'sdk',
    modelId: 'four',
    doGenerate: (options) => {
      prompts.push(options.prompt);
      return Promise.resolve({
        content: [{ type: 'text', text: 'Hello' }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: usageV4,
        warnings: [{ type: 'unsupported', feature: 'seed' }],
      });
    },
    doStream: () => Promise.resolve({ stream: stream() }),
  });
  const v3: LanguageModelV3 = {
    specificationVersion: 'v3',
    provider: 'sdk',
    modelId: 'three',
    supportedUrls: {},
    doGenerate: (options) => {
      prompts.push(options.prompt);
      return Promise.resolve({
        content: [{ type: 'text', text: 'Hello' }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: usageV4,
        warnings: [{ type: 'unsupported', feature: 'seed' }],
      });
    },
    doStream: () => Promise.resolve({ stream: stream() }),
  };
  return { v2, v3, v4, prompts };
}

describe.each(['v2', 'v3', 'v4'] as const)(
  'fromAiSdk over an interface of version %s',
  (version) => {
    it('gives whole and streamed answers with usage and warnings', async () => {
      const model = fromAiSdk(sdkModels()[version]);
      expect(await model.doGenerate(call)).toMatchObject({
        content: [{ type: 'text', text: 'Hello' }],
        finishReason: 'stop',
        usage: { inputTokens: 1, outputTokens: 2 },
        warnings: [{ option: 'seed' }],
      });
      const { answer, error } = await readStream(model, call);
      expect(error).toBeUndefined();
      expect(answer).toEqual({
        content: [{ type: 'text', text: 'Hello' }],
        finishReason: 'stop',
        usage: { inputTokens: 1, outputTokens: 2 },
      });
    });

    it('writes passages as text, and images in the form of the version', async () => {
      const { prompts, ...models } = sdkModels();
      await fromAiSdk(models[version]).doGenerate({
        messages: [
          {
            role: 'user',
            content: [
              passage,
              { type: 'image', mediaType: 'image/png', source: { kind: 'base64', data: 'AAAA' } },
              {
                type: 'image',
                mediaType: 'image/*',
                source: { kind: 'url', url: 'https://example.org/a.png' },
              },
            ],
          },
        ],
      });
      const url = new URL('https://example.org/a.png');
      expect(prompts).toMatchObject([
        [
          {
            role: 'user',
            content: [
              { type: 'text', text: expect.stringContaining('<passage index="1"') as string },
              {
                type: 'file',
                mediaType: 'image/png',
                data: version === 'v4' ? { type: 'data', data: 'AAAA' } : 'AAAA',
              },
              {
                type: 'file',
                mediaType: 'image/*',
                data: version === 'v4' ? { type: 'url', url } : url,
              },
            ],
          },
        ],
      ]);
    });
  },
);

describe('fromAiSdk', () => {
  it('takes no stream without its end for a whole one', async () => {
    const { v4 } = sdkModels();
    const cut = {
      ...sdkModels().v2,
      doStream: () =>
        Promise.resolve({
          stream: aiTest.convertArrayToReadableStream([
            { type: 'text-start', id: '1' },
            { type: 'text-delta', id: '1', delta: 'Hel' },
          ]),
        }),
    };
    const { error } = await readStream(fromAiSdk(cut), call);
    expect(error).toMatchObject({
      code: 'ERR_INFERENCE_STREAM_BROKEN',
      fault: 'early-close',
      partial: { content: [{ text: 'Hel' }] },
    });
    expect(v4.provider).toBe('sdk');
  });

  it('types an HTTP failure by its status, and tries again where that is safe', async () => {
    let calls = 0;
    const busy = {
      ...sdkModels().v2,
      doGenerate: () => {
        calls += 1;
        return Promise.reject(
          Object.assign(new Error('Busy'), {
            statusCode: 503,
            responseHeaders: {},
            isRetryable: true,
          }),
        );
      },
    };
    await expect(
      fromAiSdk(busy, { retry: { initialDelayMs: 1 } }).doGenerate(call),
    ).rejects.toMatchObject({ code: 'ERR_INFERENCE_UPSTREAM_FAILED' });
    expect(calls).toBe(3);
  });

  it('ends a stream that stalls', async () => {
    const silent = {
      ...sdkModels().v2,
      doStream: () => Promise.resolve({ stream: new ReadableStream() }),
    };
    const { error } = await readStream(fromAiSdk(silent, { timeouts: { idleMs: 20 } }), call);
    expect(error).toMatchObject({ code: 'ERR_INFERENCE_STREAM_BROKEN', fault: 'stalled' });
  });

  it('takes embedding models of every version', async () => {
    const result = { embeddings: [[3, 4]], usage: { tokens: 2 }, warnings: [] };
    const shared = {
      provider: 'sdk',
      modelId: 'e',
      maxEmbeddingsPerCall: 10,
      supportsParallelCalls: true,
      doEmbed: () => Promise.resolve(result),
    };
    const models: readonly (EmbeddingModelV2<string> | EmbeddingModelV3 | EmbeddingModelV4)[] = [
      { ...shared, specificationVersion: 'v2' },
      { ...shared, specificationVersion: 'v3' },
      { ...shared, specificationVersion: 'v4' },
    ];
    for (const sdkModel of models) {
      const model = await fromAiSdkEmbedding(sdkModel, { dimension: 2 });
      const { embeddings, usage } = await model.doEmbed({ texts: ['', 'text'] });
      expect(
        embeddings.map((vector) => [...vector].map((value) => Number(value.toFixed(2)))),
      ).toEqual([
        [0, 0],
        [0.6, 0.8],
      ]);
      expect(usage).toEqual({ inputTokens: 2 });
      expect(model.limits.maxTextsPerCall).toBe(10);
    }
  });
});

describeLanguageModelConformance('toAiSdk and back', {
  create: (scenario) =>
    fromAiSdk(
      toAiSdk(
        wireModel(
          scenario === 'tool-call'
            ? [toolCallCompletion, toolCallStream]
            : [completion({ content: 'Grüße 👋' }), whole],
        ),
      ),
    ),
  scenarios: ['text', 'tool-call'],
});

it('the mock model of the testing library goes through the AI SDK too', async () => {
  const { text } = await generateText({
    model: toAiSdk(createMockModel({ turns: [{ text: 'Scripted.' }] })),
    prompt: 'Hi',
  });
  expect(text).toBe('Scripted.');
});
