import { userMessage, type LanguageModelCallOptions, type PassagePart } from '@espalier/core';
import { createFaultyUpstream, upstreamFaults, type FaultyUpstream } from '@espalier/testing';
import { describeLanguageModelConformance } from '@espalier/testing/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  begunMessage,
  event,
  message,
  toolCallMessage,
  wholeMessage,
} from '../__fixtures__/message-events.js';
import { createScriptedFetch } from '../__fixtures__/scripted-fetch.js';
import { readStream } from '../__fixtures__/read-stream.js';
import { wireTargetOf } from '../wire-target.js';
import { createAnthropic, type AnthropicOptions } from './create-anthropic.js';

const passage: PassagePart = {
  type: 'passage',
  index: 3,
  passage: {
    id: 'p1',
    documentId: 'd1',
    source: 'guide.md',
    headingPath: ['Guide', 'Plug-ins'],
    text: '👋 Hello.\nCall definePlugin. Done.',
    span: { start: 100, end: 133 },
    lines: { start: 7, end: 8 },
  },
};
const ask: LanguageModelCallOptions = {
  messages: [{ role: 'user', content: [passage, { type: 'text', text: 'How?' }] }],
};

describe('createAnthropic, over the official client', () => {
  let upstream: FaultyUpstream;
  const createModel = (options: Partial<AnthropicOptions> = {}) =>
    createAnthropic({
      apiKey: 'sk-ant-secret',
      modelId: 'claude-sonnet-5-5',
      baseURL: upstream.url,
      retry: { initialDelayMs: 1 },
      ...options,
    });
  const bodyOf = async (call: Partial<LanguageModelCallOptions>, modelId = 'claude-sonnet-5-5') => {
    upstream.play(upstreamFaults.json(message([{ type: 'text', text: 'Yes.' }])));
    const { warnings } = await createModel({ modelId }).doGenerate({
      messages: [userMessage('Hi')],
      ...call,
    });
    return {
      body: upstream.requests.at(-1)?.body as Record<string, unknown>,
      warned: warnings.map(({ option }) => option),
    };
  };

  beforeEach(async () => {
    upstream = await createFaultyUpstream();
  });
  afterEach(() => upstream.close());

  it('sends passages as documents and reads exact citations from the stream', async () => {
    upstream.play(upstreamFaults.choppedStream(wholeMessage, 9));
    const { answer, error } = await readStream(createModel(), ask);
    expect(error).toBeUndefined();
    expect(answer.content).toEqual([
      { type: 'text', text: 'Call definePlugin.' },
      {
        type: 'citation',
        citation: {
          index: 3,
          passageId: 'p1',
          documentId: 'd1',
          source: 'guide.md',
          headingPath: ['Guide', 'Plug-ins'],
          span: { start: 110, end: 128 },
          lines: { start: 8, end: 8 },
          quote: 'Call definePlugin.',
          answerSpan: { start: 0, end: 18 },
        },
      },
    ]);
    expect(answer.usage).toEqual({ inputTokens: 16, outputTokens: 7, cachedInputTokens: 5 });
    const request = upstream.requests[0];
    expect(request?.path).toBe('/v1/messages');
    // The official client and whoever forwards a request send the same.
    expect(request?.headers).toMatchObject(wireTargetOf(createModel())?.headers() ?? {});
    expect(request?.headers['authorization']).toBe('Bearer sk-ant-secret');
    expect(request?.body).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 8192,
      stream: true,
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'document',
              source: { type: 'text', media_type: 'text/plain', data: passage.passage.text },
              title: '[3] guide.md:7-8',
              context: 'Guide > Plug-ins',
              citations: { enabled: true },
            },
            { type: 'text', text: 'How?' },
          ],
        },
      ],
    });
  });

  it('writes every kind of message and part, merging neighbours of one role', async () => {
    const { body, warned } = await bodyOf({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'image', mediaType: 'image/png', source: { kind: 'base64', data: 'AAAA' } },
            {
              type: 'file',
              mediaType: 'video/mp4',
              source: { kind: 'url', url: 'https://example.org/a' },
            },
          ],
        },
        {
          role: 'assistant',
          content: [
            {
              type: 'reasoning',
              text: 'Hm.',
              providerMetadata: { anthropic: { signature: 'sig' } },
            },
            { type: 'reasoning', text: 'Foreign.' },
            { type: 'text', text: '' },
            {
              type: 'tool-call',
              toolCallId: 'c1',
              toolName: 'look',
              input: '{"a',
              inputError: 'cut',
            },
          ],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'c1',
              toolName: 'look',
              output: { no: 1 },
              isError: true,
            },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'Well?' }] },
      ],
    });
    expect(body['system']).toEqual([{ type: 'text', text: 'Be brief.' }]);
    expect(body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
          { type: 'tool_use', id: 'c1', name: 'look', input: { raw: '{"a' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '{"no":1}', is_error: true },
          { type: 'text', text: 'Well?' },
        ],
      },
    ]);
    expect(warned).toEqual(['messages', 'messages']);
  });

  it('writes options in the form that the model knows, and warns of the rest', async () => {
    const tools = [{ name: 'look', inputSchema: { type: 'object' } }];
    expect(
      await bodyOf({
        tools,
        toolChoice: { type: 'required' },
        parallelToolCalls: false,
        temperature: 1.5,
        topP: 0.5,
        topK: 3,
        seed: 1,
        stopSequences: ['x'],
      }),
    ).toMatchObject({
      body: {
        temperature: 1,
        top_k: 3,
        stop_sequences: ['x'],
        tools: [{ name: 'look', input_schema: { type: 'object' } }],
        tool_choice: { type: 'any', disable_parallel_tool_use: true },
      },
      warned: ['temperature', 'topP', 'seed'],
    });
    expect(await bodyOf({ reasoningEffort: 'high', temperature: 0 })).toMatchObject({
      body: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      warned: ['temperature'],
    });
    expect((await bodyOf({ reasoningEffort: 'low' }, 'claude-sonnet-4-5')).body).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 2048 },
    });
    expect(
      (await bodyOf({ ...ask, responseFormat: { type: 'json', schema: { type: 'object' } } })).body,
    ).toMatchObject({
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
      messages: [{ content: [{ citations: { enabled: false } }, {}] }],
    });
  });

  it('keeps the signature of reasoning for the next turn', async () => {
    upstream.play(upstreamFaults.stream(toolCallMessage));
    const { answer } = await readStream(createModel(), ask);
    expect(answer.content).toMatchObject([
      {
        type: 'reasoning',
        text: 'Weather, then.',
        providerMetadata: { anthropic: { signature: 'sig' } },
      },
      {
        type: 'tool-call',
        toolCallId: 'toolu_1',
        toolName: 'get_weather',
        input: { city: 'Paris' },
      },
    ]);
  });

  it.each([
    ['early-close', upstreamFaults.earlyClose(begunMessage), true],
    [
      'cut-event',
      upstreamFaults.cutEvent(begunMessage, event({ type: 'content_block_stop', index: 0 })),
      true,
    ],
    ['garbage-event', upstreamFaults.garbageEvent(begunMessage), true],
    ['stalled', upstreamFaults.stall(begunMessage), true],
    [
      'upstream-error',
      upstreamFaults.stream([
        ...begunMessage,
        event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
      ]),
      true,
    ],
    [
      'upstream-error',
      upstreamFaults.stream([
        ...begunMessage,
        event({ type: 'error', error: { type: 'invalid_request_error', message: 'No' } }),
      ]),
      false,
    ],
  ] as const)(
    'ends a stream with %s, typed, with what was received',
    async (fault, script, isRetryable) => {
      upstream.play(script);
      const { error } = await readStream(createModel({ timeouts: { idleMs: 40 } }), ask);
      expect(error).toMatchObject({
        code: 'ERR_INFERENCE_STREAM_BROKEN',
        fault,
        isRetryable,
        partial: { content: [{ type: 'text', text: 'Call definePlugin.' }] },
      });
      expect(upstream.requests).toHaveLength(1);
    },
  );

  it('counts tokens by asking the API', async () => {
    upstream.play(upstreamFaults.json({ input_tokens: 42 }));
    expect(await createModel().countTokens?.(ask)).toBe(42);
    expect(upstream.requests[0]?.path).toBe('/v1/messages/count_tokens');
    expect(upstream.requests[0]?.body).not.toHaveProperty('max_tokens');
  });

  it('says where its wire can be spoken directly', () => {
    expect(wireTargetOf(createModel())).toMatchObject({
      wire: 'anthropic-messages',
      url: `${upstream.url}/v1/messages`,
      modelId: 'claude-sonnet-5-5',
    });
  });
});

describeLanguageModelConformance('createAnthropic', {
  create: (scenario) =>
    createAnthropic({
      apiKey: 'k',
      modelId: 'claude-sonnet-5-5',
      fetch: createScriptedFetch(
        scenario === 'tool-call'
          ? [
              message(
                [
                  {
                    type: 'tool_use',
                    id: 'toolu_1',
                    name: 'get_weather',
                    input: { city: 'Paris' },
                  },
                ],
                'tool_use',
              ),
              toolCallMessage,
            ]
          : [message([{ type: 'text', text: 'Call definePlugin.' }]), wholeMessage],
        scenario === 'fault' ? 400 : 200,
      ),
    }),
});
