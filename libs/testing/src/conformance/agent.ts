import {
  defineTool,
  runEventSchema,
  userMessage,
  type Agent,
  type LanguageModel,
  type RunEvent,
  type Tool,
} from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createMockModel } from '../models/mock-model.js';

/** What the suite needs. */
export interface AgentConformanceOptions {
  /** Makes an agent that answers with this model and may use these tools. */
  create(parts: { model: LanguageModel; tools: readonly Tool[] }): Agent | Promise<Agent>;
}

const FINAL = ['run-finished', 'run-paused', 'run-failed', 'run-cancelled'];
const messages = [userMessage('What is six times seven?')];

const multiply = defineTool({
  name: 'multiply',
  description: 'Multiplies two numbers.',
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a * b,
});
const broken = defineTool({
  name: 'broken',
  description: 'Always fails.',
  inputSchema: z.object({}),
  execute: () => {
    throw new Error('The tool broke.');
  },
});
const guarded = defineTool({
  name: 'guarded',
  description: 'Needs a person.',
  inputSchema: z.object({ n: z.number() }),
  needsApproval: true,
  execute: ({ n }) => `ran with ${n}`,
});

/** Declares the tests that every `Agent` must pass. */
export function describeAgentConformance(name: string, options: AgentConformanceOptions): void {
  const run = async (agent: Agent, start: Parameters<Agent['run']>[0]): Promise<RunEvent[]> => {
    const events: RunEvent[] = [];
    for await (const event of agent.run(start)) events.push(event);
    expectRun(events);
    return events;
  };
  const create = async (model: LanguageModel, tools: readonly Tool[] = []): Promise<Agent> =>
    options.create({ model, tools });

  describe(`${name} keeps the Agent contract`, () => {
    it('streams an answer and ends with it', async () => {
      const agent = await create(createMockModel([{ text: ['Forty', '-two', '.'] }]));
      expect(agent.specificationVersion).toBe('v1');
      const events = await run(agent, { messages });
      expect(textOf(events)).toBe('Forty-two.');
      expect(events.at(-1)).toMatchObject({ type: 'run-finished', finishReason: 'stop' });
    });

    it('keeps the id it is given and makes one where it is given none', async () => {
      const given = await run(await create(createMockModel(['Hi.'])), {
        messages,
        runId: 'run_given',
      });
      expect(given[0]).toMatchObject({ type: 'run-started', runId: 'run_given', isResumed: false });
      const made = await run(await create(createMockModel(['Hi.'])), { messages });
      expect(made[0]).toMatchObject({
        type: 'run-started',
        runId: expect.stringMatching(/./u) as string,
      });
    });

    it('runs tools and gives their results to the model', async () => {
      const model = createMockModel([
        { toolCalls: [{ toolName: 'multiply', input: { a: 6, b: 7 } }] },
        'It is 42.',
      ]);
      const events = await run(await create(model, [multiply]), { messages });
      expect(events.find(({ type }) => type === 'tool-result')).toMatchObject({
        output: 42,
        isError: false,
      });
      expect(model.calls).toHaveLength(2);
      expect(JSON.stringify(model.calls[1]?.messages.at(-1))).toContain('"output":42');
      expect(textOf(events)).toBe('It is 42.');
    });

    it('gives the error of a tool to the model and goes on', async () => {
      const model = createMockModel([
        { toolCalls: [{ toolName: 'broken', input: {} }] },
        'It broke.',
      ]);
      const events = await run(await create(model, [broken]), { messages });
      expect(events.find(({ type }) => type === 'tool-result')).toMatchObject({ isError: true });
      expect(JSON.stringify(model.calls[1]?.messages.at(-1))).toContain('"isError":true');
      expect(events.at(-1)?.type).toBe('run-finished');
    });

    it('tells the model when it calls a tool that is not there', async () => {
      const model = createMockModel([
        { toolCalls: [{ toolName: 'imagined', input: {} }] },
        'Sorry.',
      ]);
      const events = await run(await create(model, [multiply]), { messages });
      expect(events.find(({ type }) => type === 'tool-result')).toMatchObject({
        toolName: 'imagined',
        isError: true,
      });
      expect(events.at(-1)?.type).toBe('run-finished');
    });

    it('pauses for approval, and goes on from its state as JSON', async () => {
      const call = { toolName: 'guarded', toolCallId: 'call-g', input: { n: 5 } };
      const events = await run(await create(createMockModel([{ toolCalls: [call] }]), [guarded]), {
        messages,
      });
      const paused = events.at(-1);
      if (paused?.type !== 'run-paused') throw new Error('The run did not pause.');
      expect(paused.requests).toEqual([call]);

      const state = JSON.parse(JSON.stringify(paused.state)) as typeof paused.state;
      const model = createMockModel(['Done.', 'Done.']);
      const approved = await run(await create(model, [guarded]), {
        state,
        decisions: [{ toolCallId: 'call-g', isApproved: true }],
      });
      expect(approved[0]).toMatchObject({
        type: 'run-started',
        isResumed: true,
        runId: state.runId,
      });
      expect(approved.find(({ type }) => type === 'tool-result')).toMatchObject({
        output: 'ran with 5',
        isError: false,
      });
      const refused = await run(await create(model, [guarded]), {
        state,
        decisions: [{ toolCallId: 'call-g', isApproved: false, reason: 'Not today.' }],
      });
      expect(refused.find(({ type }) => type === 'tool-result')).toMatchObject({ isError: true });
      expect(JSON.stringify(model.calls[1]?.messages)).toContain('Not today.');
    });

    it('ends with run-failed, not with a throw, when the model fails', async () => {
      const events = await run(
        await create(createMockModel([{ error: new Error('Out of order.') }])),
        { messages },
      );
      expect(events.at(-1)).toMatchObject({ type: 'run-failed', error: { isRetryable: false } });
    });

    it('ends with run-cancelled when it is aborted, before and on the way', async () => {
      const early = await run(await create(createMockModel(['Hi.'])), {
        messages,
        abortSignal: AbortSignal.abort(),
      });
      expect(early.at(-1)?.type).toBe('run-cancelled');

      const controller = new AbortController();
      const model = createMockModel({
        turns: [{ text: ['One', 'two', 'three'] }],
        beforePart: (part) => {
          if (part.type === 'text-delta' && part.text === 'two') controller.abort();
        },
      });
      const late = await run(await create(model), { messages, abortSignal: controller.signal });
      expect(late.at(-1)?.type).toBe('run-cancelled');
      expect(textOf(late)).not.toContain('three');
    });

    it('cancels the call of the model when a reader leaves early', async () => {
      const model = createMockModel([{ text: ['One', 'two', 'three'] }]);
      for await (const event of (await create(model)).run({ messages })) {
        if (event.type === 'step-started') break;
      }
      expect(model.calls.length).toBeLessThanOrEqual(1);
    });

    it('leaves the messages it was given as they are', async () => {
      const before = structuredClone(messages);
      await run(await create(createMockModel(['Hi.'])), { messages });
      expect(messages).toEqual(before);
    });
  });
}

function expectRun(events: readonly RunEvent[]): void {
  for (const event of events) expect(runEventSchema.safeParse(event).error).toBeUndefined();
  expect(events[0]?.type).toBe('run-started');
  expect(events.filter(({ type }) => FINAL.includes(type)).map(({ type }) => type)).toEqual([
    events.at(-1)?.type,
  ]);
  let open: number | undefined;
  for (const event of events) {
    if (event.type === 'step-started') {
      expect(open).toBeUndefined();
      open = event.step;
    }
    if (event.type === 'step-finished') {
      expect(event.step).toBe(open);
      open = undefined;
    }
  }
}

function textOf(events: readonly RunEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}
