import { defineTool, userMessage, type RunState } from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeRetriever } from './__fixtures__/make-retriever.js';
import { eventsOf, runToEnd, textOf } from './__fixtures__/run-to-end.js';
import { createAgent } from './create-agent.js';
import {
  RunAgentMismatchError,
  RunDecisionsError,
  RunStateInvalidError,
  RunStateVersionError,
} from './errors.js';

const about = { name: 'clerk', description: 'Sends mail.' };

function makeTools(): { tools: ReturnType<typeof defineTool>[]; sent: string[] } {
  const sent: string[] = [];
  const send = defineTool({
    name: 'send',
    description: 'Sends mail.',
    inputSchema: z.object({ to: z.string() }),
    needsApproval: ({ to }) => !to.endsWith('@own.example'),
    execute({ to }) {
      sent.push(to);
      return `sent to ${to}`;
    },
  });
  return { tools: [send], sent };
}

const turn = {
  text: 'I will write to them [1].',
  toolCalls: [
    { toolName: 'send', input: { to: 'a@other.example' } },
    { toolName: 'send', input: { to: 'b@own.example' } },
    { toolName: 'send', input: { to: 'c@other.example' } },
  ],
};

async function pause(): Promise<{ state: RunState; sent: string[] }> {
  const { tools, sent } = makeTools();
  const agent = createAgent({
    ...about,
    model: createMockModel([turn]),
    tools,
    retrieval: { retriever: makeRetriever() },
  });
  const { events, last } = await runToEnd(
    agent.run({ messages: [userMessage('Write to them.')], runId: 'run-7' }),
  );
  if (last.type !== 'run-paused') throw new Error(`The run ended with ${last.type}.`);
  expect(eventsOf(events, 'tool-result').map(({ output }) => output)).toEqual([
    'sent to b@own.example',
  ]);
  expect(last.requests).toEqual([
    { toolCallId: 'call-1', toolName: 'send', input: { to: 'a@other.example' } },
    { toolCallId: 'call-3', toolName: 'send', input: { to: 'c@other.example' } },
  ]);
  // As it would be after a time in storage.
  return { state: JSON.parse(JSON.stringify(last.state)) as RunState, sent };
}

describe('a run with calls that need approval', () => {
  it('pauses after the other calls, and goes on elsewhere with what was decided', async () => {
    const { state, sent } = await pause();
    expect(sent).toEqual(['b@own.example']);
    const elsewhere = makeTools();
    const model = createMockModel(['Done, see [2].']);
    const agent = createAgent({ ...about, model, tools: elsewhere.tools });
    const { events, last } = await runToEnd(
      agent.run({
        state,
        decisions: [
          { toolCallId: 'call-3', isApproved: false, reason: 'Not that one.' },
          { toolCallId: 'call-1', isApproved: true },
        ],
      }),
    );
    expect(elsewhere.sent).toEqual(['a@other.example']);
    expect(events[0]).toEqual({
      type: 'run-started',
      runId: 'run-7',
      agent: 'clerk',
      isResumed: true,
    });
    const toolTurn = model.calls[0]?.messages.at(-1);
    expect(toolTurn).toMatchObject({
      role: 'tool',
      content: [
        { toolCallId: 'call-1', output: 'sent to a@other.example' },
        { toolCallId: 'call-2', output: 'sent to b@own.example' },
        { toolCallId: 'call-3', isError: true },
      ],
    });
    expect(JSON.stringify(toolTurn)).toContain('Not that one.');
    expect(eventsOf(events, 'step-started')).toEqual([{ type: 'step-started', step: 2 }]);
    expect(textOf(events)).toBe('Done, see [2].');
    if (last.type !== 'run-finished') throw new Error(`The run ended with ${last.type}.`);
    // Numbers keep their meaning after a resume, and what was counted before is not lost.
    expect(last.citations.map(({ index, passageId }) => [index, passageId])).toEqual([
      [1, 'p1'],
      [2, 'p2'],
    ]);
    expect(last.usage).toEqual({ inputTokens: 20, outputTokens: 10 });
    expect(last.newMessages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
  });

  it('waits for a person when the tool cannot say whether it must', async () => {
    const unsure = defineTool({
      name: 'send',
      description: 'x',
      inputSchema: z.object({ to: z.string() }),
      needsApproval() {
        throw new Error('no idea');
      },
      execute: () => 'sent',
    });
    const model = createMockModel([{ toolCalls: [{ toolName: 'send', input: { to: 'x' } }] }]);
    const { last } = await runToEnd(
      createAgent({ ...about, model, tools: [unsure] }).run({ messages: [userMessage('Go.')] }),
    );
    expect(last.type).toBe('run-paused');
  });

  it('runs no call twice when the same state is resumed with an aborted signal', async () => {
    const { state } = await pause();
    const { tools, sent } = makeTools();
    const agent = createAgent({ ...about, model: createMockModel([]), tools });
    const decisions = state.pendingCalls.map(({ toolCallId }) => ({
      toolCallId,
      isApproved: true,
    }));
    const { last } = await runToEnd(
      agent.run({ state, decisions, abortSignal: AbortSignal.abort() }),
    );
    expect(last).toEqual({ type: 'run-cancelled' });
    expect(sent).toEqual([]);
  });
});

describe('resuming refuses', () => {
  const agent = createAgent({ ...about, model: createMockModel([]), tools: makeTools().tools });
  const all = [
    { toolCallId: 'call-1', isApproved: true },
    { toolCallId: 'call-3', isApproved: true },
  ];

  it('decisions that are missing, doubled or for calls that do not wait, and names them', async () => {
    const { state } = await pause();
    const resume = (decisions: typeof all) => () => agent.run({ state, decisions });
    expect(resume([])).toThrow(RunDecisionsError);
    expect(resume(all.slice(1))).toThrow('none for "call-1"');
    expect(resume([...all, { toolCallId: 'call-2', isApproved: true }])).toThrow(
      'one for "call-2", which does not wait',
    );
    expect(resume([...all, ...all.slice(0, 1)])).toThrow('more than one for "call-1"');
  });

  it('the state of another agent', async () => {
    const { state } = await pause();
    const other = createAgent({ ...about, name: 'other', model: createMockModel([]) });
    expect(() => other.run({ state, decisions: all })).toThrow(RunAgentMismatchError);
  });

  it('a state of another version', async () => {
    const { state } = await pause();
    const later = { ...state, version: 2 } as unknown as RunState;
    expect(() => agent.run({ state: later, decisions: all })).toThrow(RunStateVersionError);
  });

  it('a state that is damaged', async () => {
    const { state } = await pause();
    const { step: _, ...partial } = state;
    expect(() => agent.run({ state: partial as RunState, decisions: all })).toThrow(
      RunStateInvalidError,
    );
    expect(() => agent.run({ state: null as unknown as RunState, decisions: all })).toThrow(
      RunStateInvalidError,
    );
    const cut = { ...state, messages: state.messages.slice(0, 1) };
    expect(() => agent.run({ state: cut, decisions: all })).toThrow(RunStateInvalidError);
  });
});
