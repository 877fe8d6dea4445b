import {
  defineTool,
  messageText,
  userMessage,
  type AssistantMessage,
  type Message,
} from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { documentText, makePassages, makeRetriever } from './__fixtures__/make-retriever.js';
import { eventsOf, runToEnd, textOf } from './__fixtures__/run-to-end.js';
import { createAgent } from './create-agent.js';

const about = { name: 'gardener', description: 'Knows fruit trees.' };
const question = [userMessage('What is an espalier?')];

describe('an agent without tools', () => {
  it('streams the answer and ends with the message', async () => {
    const model = createMockModel([{ text: ['A tree ', 'on a wall.'] }]);
    const agent = createAgent({ ...about, model, instructions: 'Be brief.' });
    const { events, last } = await runToEnd(agent.run({ messages: question, runId: 'run-1' }));
    expect(events.map(({ type }) => type)).toEqual([
      'run-started',
      'step-started',
      'model-request',
      'text-delta',
      'text-delta',
      'step-finished',
      'run-finished',
    ]);
    expect(events[0]).toEqual({
      type: 'run-started',
      runId: 'run-1',
      agent: 'gardener',
      isResumed: false,
    });
    const message: AssistantMessage = {
      role: 'assistant',
      content: [{ type: 'text', text: 'A tree on a wall.' }],
    };
    expect(last).toEqual({
      type: 'run-finished',
      message,
      citations: [],
      finishReason: 'stop',
      usage: { inputTokens: 10, outputTokens: 5 },
      newMessages: [message],
    });
  });

  it('sends the model exactly what the model-request event shows', async () => {
    const model = createMockModel(['Yes.']);
    const agent = createAgent({
      ...about,
      model,
      instructions: 'Be brief.',
      retrieval: { retriever: makeRetriever() },
    });
    const { events } = await runToEnd(
      agent.run({ messages: question, settings: { temperature: 0.2 } }),
    );
    const [request] = eventsOf(events, 'model-request');
    const { messages, abortSignal: _, ...rest } = model.calls[0] ?? { messages: [] };
    expect(request).toMatchObject({ provider: 'mock', modelId: 'mock-model', tools: [] });
    expect(request?.messages).toEqual(messages);
    expect(rest).toEqual({ temperature: 0.2 });
    expect(messages[0]).toEqual({ role: 'system', content: 'Be brief.' });
  });

  it('answers with the model of the run where one is given', async () => {
    const own = createMockModel(['own']);
    const other = createMockModel({ turns: ['other'], modelId: 'other-model' });
    const { events } = await runToEnd(
      createAgent({ ...about, model: own }).run({ messages: question, model: other }),
    );
    expect(textOf(events)).toBe('other');
    expect(own.calls).toEqual([]);
  });
});

describe('retrieval', () => {
  it('searches before the first step with the last user message and shows the passages by number', async () => {
    const retriever = makeRetriever();
    const model = createMockModel(['Yes.']);
    const agent = createAgent({ ...about, model, retrieval: { retriever, topK: 2 } });
    const messages: Message[] = [
      userMessage('Hello'),
      { role: 'assistant', content: [{ type: 'text', text: 'Hi.' }] },
      ...question,
    ];
    const { events } = await runToEnd(agent.run({ messages, principals: ['anna'] }));
    expect(retriever.asked).toMatchObject([
      { query: 'What is an espalier?', topK: 2, principals: ['anna'] },
    ]);
    expect(eventsOf(events, 'retrieval')).toMatchObject([
      {
        retriever: 'fruit',
        query: 'What is an espalier?',
        hasEvidence: true,
        passages: makePassages(),
      },
    ]);
    const sent = model.calls[0]?.messages.at(-1);
    expect(sent?.content).toEqual([
      { type: 'passage', index: 1, passage: makePassages()[0] },
      { type: 'passage', index: 2, passage: makePassages()[1] },
      { type: 'text', text: 'What is an espalier?' },
    ]);
  });

  it('turns the markers of an answer into citations with exact places', async () => {
    const model = createMockModel([
      'Pears suit espaliers best [1]. Prune them in late summer [2]. Nonsense [7].',
    ]);
    const agent = createAgent({ ...about, model, retrieval: { retriever: makeRetriever() } });
    const { events, last } = await runToEnd(agent.run({ messages: question }));
    const citations = eventsOf(events, 'citation').map(({ citation }) => citation);
    expect(citations.map(({ index, quote }) => [index, quote])).toEqual([
      [1, 'Pears suit it best, because their wood bends well.'],
      [2, 'Prune in late summer.'],
    ]);
    for (const { span, quote } of citations)
      expect(documentText.slice(span.start, span.end)).toBe(quote);
    expect(citations.map(({ lines }) => lines)).toEqual([
      { start: 4, end: 4 },
      { start: 6, end: 6 },
    ]);
    const answer = textOf(events);
    expect(
      citations.map(({ answerSpan }) => answer.slice(answerSpan?.start, answerSpan?.end)),
    ).toEqual(['Pears suit espaliers best', 'Prune them in late summer']);
    expect(eventsOf(events, 'warning')[0]?.warning.message).toContain('[7]');
    expect(last).toMatchObject({ type: 'run-finished', citations });
  });

  it('lets the model search by itself, and numbers passages across searches', async () => {
    const retriever = makeRetriever();
    const model = createMockModel([
      { toolCalls: [{ toolName: 'search_documents', input: { query: 'pears' } }] },
      { toolCalls: [{ toolName: 'search_documents', input: { query: '' } }] },
      'Pears suit it best [1].',
    ]);
    const agent = createAgent({ ...about, model, retrieval: { retriever, when: 'tool' } });
    const { events } = await runToEnd(agent.run({ messages: question }));
    expect(retriever.asked.map(({ query }) => query)).toEqual(['pears']);
    expect(model.calls[0]?.tools?.map(({ name }) => name)).toEqual(['search_documents']);
    const results = eventsOf(events, 'tool-result');
    expect(results[0]?.output).toMatchObject({
      passages: [{ index: 1, source: 'fruit.md:3-4' }, { index: 2 }],
    });
    expect(results[1]).toMatchObject({ isError: true });
    expect(eventsOf(events, 'citation')[0]?.citation.quote).toContain('Pears suit');
  });
});

describe('tools', () => {
  const add = defineTool({
    name: 'add',
    description: 'Adds.',
    inputSchema: z.object({ a: z.number(), b: z.number() }),
    execute: ({ a, b }) => a + b,
  });

  it('runs the calls of a turn side by side and gives the results in the order of the calls', async () => {
    const started: string[] = [];
    const released = Promise.withResolvers<undefined>();
    const slow = defineTool({
      name: 'slow',
      description: 'Waits.',
      inputSchema: z.object({}),
      async execute() {
        started.push('slow');
        await released.promise;
        return 'slow done';
      },
    });
    const fast = defineTool({
      name: 'fast',
      description: 'Does not wait.',
      inputSchema: z.object({}),
      execute() {
        started.push('fast');
        released.resolve(undefined);
        return 'fast done';
      },
    });
    const model = createMockModel([
      {
        toolCalls: [
          { toolName: 'slow', input: {} },
          { toolName: 'fast', input: {} },
        ],
      },
      'Done.',
    ]);
    const { last } = await runToEnd(
      createAgent({ ...about, model, tools: [slow, fast] }).run({ messages: question }),
    );
    expect(started).toEqual(['slow', 'fast']);
    expect(model.calls[1]?.messages.at(-1)).toEqual({
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: 'call-1', toolName: 'slow', output: 'slow done' },
        { type: 'tool-result', toolCallId: 'call-2', toolName: 'fast', output: 'fast done' },
      ],
    });
    expect(last).toMatchObject({ type: 'run-finished', finishReason: 'stop' });
    if (last.type !== 'run-finished') return;
    expect(last.newMessages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
    expect(messageText(last.message)).toBe('Done.');
  });

  it('gives the model every kind of failure as the result of its call', async () => {
    const broken = defineTool({
      name: 'broken',
      description: 'Fails.',
      inputSchema: z.object({}),
      execute(): string {
        throw new Error('disk on fire');
      },
    });
    const model = createMockModel([
      {
        parts: [
          { type: 'tool-call', toolCallId: 'c1', toolName: 'add', input: { a: 1, b: 'two' } },
          { type: 'tool-call', toolCallId: 'c2', toolName: 'broken', input: {} },
          { type: 'tool-call', toolCallId: 'c3', toolName: 'ghost', input: {} },
          {
            type: 'tool-call',
            toolCallId: 'c4',
            toolName: 'add',
            input: '{"a":',
            inputError: 'Unexpected end.',
          },
          { type: 'finish', finishReason: 'tool-calls', usage: {} },
        ],
      },
      'Sorry.',
    ]);
    const { events, last } = await runToEnd(
      createAgent({ ...about, model, tools: [add, broken] }).run({ messages: question }),
    );
    const results = eventsOf(events, 'tool-result');
    expect(results.map(({ toolCallId, isError }) => [toolCallId, isError])).toEqual([
      ['c1', true],
      ['c2', true],
      ['c3', true],
      ['c4', true],
    ]);
    const errors = results.map(({ output }) => JSON.stringify(output));
    expect(errors[0]).toContain('does not fit its schema');
    expect(errors[1]).toContain('disk on fire');
    expect(errors[2]).toContain('There is no tool');
    expect(errors[3]).toContain('is not JSON');
    expect(last).toMatchObject({ type: 'run-finished', finishReason: 'stop' });
  });
});
