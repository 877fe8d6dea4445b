import {
  defineTool,
  userMessage,
  type Guardrails,
  type GuardTurn,
  type ToolCallJudgement,
} from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makePassages, makeRetriever } from './__fixtures__/make-retriever.js';
import { eventsOf, runToEnd, textOf } from './__fixtures__/run-to-end.js';
import { createAgent } from './create-agent.js';

const about = { name: 'clerk', description: 'Answers.' };
const ask = (text = 'Hello'): { messages: ReturnType<typeof userMessage>[] } => ({
  messages: [userMessage(text)],
});

/** Guardrails that let everything through, but for what a test says. */
function makeGuardrails(given: Partial<Guardrails>): Guardrails {
  return {
    specificationVersion: 'v1',
    railsAt: () => [],
    check: async ({ text }) => ({ isBlocked: false, text, reports: [] }),
    openStream: () => ({
      push: async (text) => ({ text, isBlocked: false, reports: [] }),
      end: async () => ({ text: '', isBlocked: false, reports: [] }),
    }),
    ...given,
  };
}

/** Output rails that see whole answers and stop those without `[1]`, saying what to change. */
function wantsCitation(seen: (readonly string[] | undefined)[] = []): Guardrails {
  return makeGuardrails({
    railsAt: (point) => (point === 'output' ? ['citations'] : []),
    openStream({ evidence }) {
      let text = '';
      seen.push(evidence);
      return {
        async push(piece) {
          text += piece;
          return { text: '', isBlocked: false, reports: [] };
        },
        async end() {
          return text.includes('[1]')
            ? { text, isBlocked: false, reports: [] }
            : {
                text: '',
                isBlocked: true,
                reports: [],
                reason: 'No citation.',
                feedback: 'Answer again and cite.',
              };
        },
      };
    },
  });
}

describe('an answer that a rail sends back', () => {
  it('is asked for again with what to change, and the wish is no part of the conversation', async () => {
    const model = createMockModel(['Yes.', 'Yes [1].']);
    const agent = createAgent({ ...about, model, guardrails: wantsCitation() });
    const { events, last } = await runToEnd(agent.run(ask()));
    expect(textOf(events)).toBe('Yes [1].');
    expect(eventsOf(events, 'model-request')[1]?.messages.at(-1)).toEqual(
      userMessage('Answer again and cite.'),
    );
    expect(last).toMatchObject({
      finishReason: 'stop',
      newMessages: [{ role: 'assistant', content: [{ type: 'text', text: 'Yes [1].' }] }],
    });
  });

  it('is given up after as many tries as the limit allows', async () => {
    const model = createMockModel(['No.', 'No.', 'No.', 'No [1].']);
    const agent = createAgent({
      ...about,
      model,
      guardrails: wantsCitation(),
      limits: { maxReasks: 2 },
    });
    const { events, last } = await runToEnd(agent.run(ask()));
    expect(eventsOf(events, 'model-request')).toHaveLength(3);
    expect(last).toMatchObject({ finishReason: 'blocked' });
    expect(textOf(events)).toBe('No citation.');
  });

  it('is judged with the passages that the model was shown', async () => {
    const seen: (readonly string[] | undefined)[] = [];
    const agent = createAgent({
      ...about,
      model: createMockModel(['Yes [1].']),
      guardrails: wantsCitation(seen),
      retrieval: { retriever: makeRetriever() },
    });
    await runToEnd(agent.run(ask()));
    expect(seen[0]).toEqual(makePassages().map(({ text }) => text));
  });
});

describe('rails of the conversation', () => {
  it('see all turns in order and can end the run before the model is called', async () => {
    let turns: readonly GuardTurn[] = [];
    const model = createMockModel(['Never.']);
    const guardrails = makeGuardrails({
      railsAt: (point) => (point === 'conversation' ? ['turns'] : []),
      check: async (options) => {
        turns = options.turns ?? [];
        return { isBlocked: true, text: '', reports: [], reason: 'It escalates.' };
      },
    });
    const agent = createAgent({ ...about, model, guardrails });
    const { last } = await runToEnd(
      agent.run({
        messages: [
          userMessage('One'),
          { role: 'assistant', content: [{ type: 'text', text: 'Two' }] },
          userMessage('Three'),
        ],
      }),
    );
    expect(turns).toEqual([
      { role: 'user', text: 'One' },
      { role: 'assistant', text: 'Two' },
      { role: 'user', text: 'Three' },
    ]);
    expect(last).toMatchObject({ finishReason: 'blocked' });
    expect(model.calls).toHaveLength(0);
  });
});

describe('rules on tool calls', () => {
  const send = (sent: string[]): ReturnType<typeof defineTool> =>
    defineTool({
      name: 'send',
      description: 'Sends.',
      inputSchema: z.object({ to: z.string() }),
      execute: ({ to }) => {
        sent.push(to);
        return { ok: true };
      },
    });
  const call = { toolCalls: [{ toolName: 'send', input: { to: 'bob' } }] };

  it('deny a call, and the model is told why', async () => {
    const sent: string[] = [];
    const judged: ToolCallJudgement[] = [];
    const agent = createAgent({
      ...about,
      model: createMockModel([call, 'Done.']),
      tools: [send(sent)],
      guardrails: makeGuardrails({
        judgeToolCall: (options) => {
          judged.push(options);
          return { action: 'deny', reason: 'Not to strangers.', reports: [] };
        },
      }),
    });
    const { events } = await runToEnd(agent.run(ask()));
    expect(sent).toEqual([]);
    expect(judged[0]).toMatchObject({ toolName: 'send', input: { to: 'bob' } });
    expect(eventsOf(events, 'tool-result')[0]).toMatchObject({
      isError: true,
      output: { error: 'Not to strangers.' },
    });
  });

  it('make a call wait for a person, and it runs once approved', async () => {
    const sent: string[] = [];
    const agent = createAgent({
      ...about,
      model: createMockModel([call, 'Done.']),
      tools: [send(sent)],
      guardrails: makeGuardrails({ judgeToolCall: () => ({ action: 'approve', reports: [] }) }),
    });
    const first = await runToEnd(agent.run(ask()));
    expect(sent).toEqual([]);
    if (first.last.type !== 'run-paused') throw new Error('The run did not pause.');
    const { state } = first.last;
    const decisions = state.pendingCalls.map(({ toolCallId }) => ({
      toolCallId,
      isApproved: true,
    }));
    await runToEnd(agent.run({ state, decisions }));
    expect(sent).toEqual(['bob']);
  });
});

describe('guardrails of one run', () => {
  it('take the place of the agent’s own', async () => {
    const agent = createAgent({
      ...about,
      model: createMockModel(['Hi.']),
      guardrails: makeGuardrails({ preamble: 'No. ' }),
    });
    const { events } = await runToEnd(
      agent.run({ ...ask(), guardrails: makeGuardrails({ preamble: 'A machine answers. ' }) }),
    );
    expect(textOf(events)).toBe('A machine answers. Hi.');
  });

  it('begin only the first answer of a conversation with their preamble', async () => {
    const agent = createAgent({
      ...about,
      model: createMockModel(['Again.']),
      guardrails: makeGuardrails({ preamble: 'A machine answers. ' }),
    });
    const { events } = await runToEnd(
      agent.run({
        messages: [
          userMessage('One'),
          { role: 'assistant', content: [{ type: 'text', text: 'Two' }] },
          userMessage('Three'),
        ],
      }),
    );
    expect(textOf(events)).toBe('Again.');
  });
});

it('remembers a run by itself, and shows the model its own turns as it wrote them', async () => {
  let opened = 0;
  const guardrails = makeGuardrails({
    openConversation() {
      opened += 1;
      return makeGuardrails({
        conceal: async (text) => text.replace('jane@example.org', '[EMAIL_1]'),
      });
    },
  });
  const model = createMockModel([{ text: 'Done.' }]);
  const agent = createAgent({ ...about, model, guardrails });
  await runToEnd(
    agent.run({
      messages: [
        userMessage('Who is it?'),
        { role: 'assistant', content: [{ type: 'text', text: 'jane@example.org' }] },
        userMessage('Write to her.'),
      ],
    }),
  );
  expect(opened).toBe(1);
  expect(model.calls[0]?.messages[1]).toEqual({
    role: 'assistant',
    content: [{ type: 'text', text: '[EMAIL_1]' }],
  });
});
