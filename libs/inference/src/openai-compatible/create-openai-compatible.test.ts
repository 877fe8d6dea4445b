import { userMessage, type LanguageModelCallOptions, type PassagePart } from '@espalier/core';
import { createFaultyUpstream, upstreamFaults, type FaultyUpstream } from '@espalier/testing';
import { describeLanguageModelConformance } from '@espalier/testing/conformance';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  chunk,
  completion,
  toolCallCompletion,
  toolCallStream,
  whole,
} from '../__fixtures__/chat-events.js';
import { readStream } from '../__fixtures__/read-stream.js';
import { wireTargetOf } from '../wire-target.js';
import { createOpenAICompatible } from './create-openai-compatible.js';

const passage: PassagePart = {
  type: 'passage',
  index: 1,
  passage: {
    id: 'p1',
    documentId: 'd1',
    source: 'guide.md',
    text: 'Call definePlugin.',
    span: { start: 10, end: 28 },
    lines: { start: 3, end: 3 },
  },
};

describe('createOpenAICompatible', () => {
  let upstream: FaultyUpstream;
  const createModel = () =>
    createOpenAICompatible({
      id: 'local',
      baseURL: `${upstream.url}/v1/`,
      apiKey: 'sk-1',
      model: 'served-model',
      headers: { 'X-Team': 'blue' },
    });

  beforeEach(async () => {
    upstream = await createFaultyUpstream();
    upstream.playAlways(upstreamFaults.json(completion({ content: 'Hello.' })));
  });
  afterEach(() => upstream.close());

  const bodyOf = async (call: Partial<LanguageModelCallOptions>) => {
    const { warnings } = await createModel().doGenerate({ messages: [userMessage('Hi')], ...call });
    return { body: upstream.requests.at(-1)?.body as Record<string, unknown>, warnings };
  };

  it('sends the key, the extra headers and the model to /chat/completions', async () => {
    const result = await createModel().doGenerate({
      messages: [userMessage('Hi')],
      headers: { 'X-Trace': 't1' },
    });
    const request = upstream.requests[0];
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer sk-1',
      'x-team': 'blue',
      'x-trace': 't1',
      accept: 'application/json',
    });
    expect(request?.body).toEqual({
      model: 'served-model',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(result).toMatchObject({
      content: [{ type: 'text', text: 'Hello.' }],
      finishReason: 'stop',
      usage: { inputTokens: 12, outputTokens: 3 },
      exchange: {
        requestBody: request?.body,
        responseId: 'chatcmpl-1',
        responseModelId: 'served-model',
      },
    });
  });

  it('writes every kind of message and part', async () => {
    const { body, warnings } = await bodyOf({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            passage,
            { type: 'text', text: 'Look.' },
            {
              type: 'image',
              mediaType: 'image/png',
              source: { kind: 'base64', data: 'AAAA' },
              detail: 'low',
            },
            {
              type: 'image',
              mediaType: 'image/*',
              source: { kind: 'url', url: 'https://example.org/a.png' },
            },
            {
              type: 'file',
              mediaType: 'application/pdf',
              filename: 'a.pdf',
              source: { kind: 'base64', data: 'JVBE' },
            },
            {
              type: 'file',
              mediaType: 'text/plain',
              source: { kind: 'base64', data: 'R3LDvMOfZQ==' },
            },
            { type: 'file', mediaType: 'audio/mpeg', source: { kind: 'base64', data: 'SUQz' } },
            {
              type: 'file',
              mediaType: 'application/pdf',
              source: { kind: 'url', url: 'https://example.org/a.pdf' },
            },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'Hm.' },
            { type: 'text', text: 'I look ' },
            { type: 'text', text: 'it up.' },
            { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 1 } },
            {
              type: 'tool-call',
              toolCallId: 'c2',
              toolName: 'look',
              input: '{"at',
              inputError: 'cut',
            },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: 'c1', toolName: 'look', output: { found: true } },
            {
              type: 'tool-result',
              toolCallId: 'c2',
              toolName: 'look',
              output: 'bad arguments',
              isError: true,
            },
          ],
        },
      ],
    });
    expect(body['messages']).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          {
            type: 'text',
            text: '<passage index="1" source="guide.md:3-3">\nCall definePlugin.\n</passage>',
          },
          { type: 'text', text: 'Look.' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
          {
            type: 'file',
            file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
          },
          { type: 'text', text: 'Grüße' },
          { type: 'input_audio', input_audio: { data: 'SUQz', format: 'mp3' } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look it up.',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":1}' } },
          { id: 'c2', type: 'function', function: { name: 'look', arguments: '{"at' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{"found":true}' },
      { role: 'tool', tool_call_id: 'c2', content: 'Error: bad arguments' },
    ]);
    expect(warnings.map(({ option }) => option)).toEqual(['messages', 'messages']);
  });

  it('writes every option, and warns of what the API has not', async () => {
    const { body, warnings } = await bodyOf({
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stopSequences: ['a', 'b', 'c', 'd', 'e'],
      seed: 7,
      reasoningEffort: 'low',
      parallelToolCalls: false,
      tools: [
        { name: 'look', description: 'Looks.', inputSchema: { type: 'object' }, strict: true },
      ],
      toolChoice: { type: 'tool', toolName: 'look' },
      responseFormat: { type: 'json', name: 'place', schema: { type: 'object' }, strict: true },
      providerOptions: { local: { min_p: 0.05 }, other: { ignored: true } },
    });
    expect(body).toMatchObject({
      max_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      stop: ['a', 'b', 'c', 'd'],
      seed: 7,
      reasoning_effort: 'low',
      parallel_tool_calls: false,
      tools: [
        {
          type: 'function',
          function: {
            name: 'look',
            description: 'Looks.',
            parameters: { type: 'object' },
            strict: true,
          },
        },
      ],
      tool_choice: { type: 'function', function: { name: 'look' } },
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'place', schema: { type: 'object' }, strict: true },
      },
      min_p: 0.05,
    });
    expect(body).not.toHaveProperty('top_k');
    expect(body).not.toHaveProperty('ignored');
    expect(warnings.map(({ option }) => option)).toEqual(['topK', 'stopSequences']);
  });

  it('never sends a lone surrogate', async () => {
    await bodyOf({ messages: [userMessage('cut \ud83d here')] });
    expect(upstream.requests.at(-1)?.text).not.toMatch(/\\ud83d/u);
    expect(upstream.requests.at(-1)?.text).toContain('cut \ufffd here');
  });

  it('gives reasoning and text as separate blocks', async () => {
    upstream.play(
      upstreamFaults.stream([
        chunk({ reasoning_content: 'Let me ' }),
        chunk({ reasoning_content: 'see.' }),
        chunk({ content: 'Yes.' }),
        chunk({}, 'stop'),
        '[DONE]',
      ]),
    );
    const { answer } = await readStream(createModel(), { messages: [userMessage('Hi')] });
    expect(answer.content).toEqual([
      { type: 'reasoning', text: 'Let me see.' },
      { type: 'text', text: 'Yes.' },
    ]);
  });

  it('keeps parallel tool calls apart, also from servers that number none, and says when arguments are no JSON', async () => {
    upstream.play(
      upstreamFaults.stream([
        chunk({ tool_calls: [{ id: 'a', function: { name: 'one', arguments: '{}' } }] }),
        chunk({ tool_calls: [{ id: 'b', function: { name: 'two', arguments: '{"x"' } }] }),
        chunk({ tool_calls: [{ function: { arguments: ':' } }] }),
        chunk({}, 'stop'),
      ]),
    );
    const { answer } = await readStream(createModel(), { messages: [userMessage('Hi')] });
    expect(answer.finishReason).toBe('tool-calls');
    expect(answer.content).toMatchObject([
      { toolCallId: 'a', toolName: 'one', input: {} },
      {
        toolCallId: 'b',
        toolName: 'two',
        input: '{"x":',
        inputError: expect.stringContaining('not valid JSON') as string,
      },
    ]);
  });

  it('says where its wire can be spoken directly', () => {
    const target = wireTargetOf(createModel());
    expect(target).toMatchObject({
      wire: 'openai-chat-completions',
      url: `${upstream.url}/v1/chat/completions`,
      modelId: 'served-model',
    });
    expect(target?.headers()).toMatchObject({ authorization: 'Bearer sk-1', 'x-team': 'blue' });
    expect(JSON.stringify(createModel())).not.toContain('sk-1');
  });

  it('refuses a base URL that is none', () => {
    expect(() => createOpenAICompatible({ id: 'x', baseURL: 'localhost:80', model: 'm' })).toThrow(
      expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }) as Error,
    );
  });
});

describe('the port', () => {
  const upstreams: FaultyUpstream[] = [];
  let answers: FaultyUpstream;
  beforeAll(async () => {
    answers = await createFaultyUpstream();
    upstreams.push(answers);
  });
  afterAll(() => Promise.all(upstreams.map((upstream) => upstream.close())));

  const scripts = {
    text: [upstreamFaults.json(completion({ content: 'Grüße 👋' })), upstreamFaults.stream(whole)],
    'tool-call': [upstreamFaults.json(toolCallCompletion), upstreamFaults.stream(toolCallStream)],
    fault: [
      upstreamFaults.json({ error: { message: 'No.' } }, { status: 400 }),
      upstreamFaults.json({ error: { message: 'No.' } }, { status: 400 }),
    ],
  } as const;

  describeLanguageModelConformance('createOpenAICompatible', {
    create: (scenario) =>
      createOpenAICompatible({
        id: 'local',
        baseURL: `${answers.url}/v1`,
        model: 'served-model',
        fetch: async (input, init) => {
          const isStream = (init?.body as string).includes('"stream":true');
          answers.playAlways(scripts[scenario][isStream ? 1 : 0]);
          return fetch(input, init);
        },
      }),
  });
});
