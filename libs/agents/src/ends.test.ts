import { defineTool, EspalierError, userMessage, type ModelStreamPart } from '@espalier/core';
import { createFakeClock, createMockModel, createRecordingLogger } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeRetriever } from './__fixtures__/make-retriever.js';
import { eventsOf, runToEnd, textOf } from './__fixtures__/run-to-end.js';
import { createAgent } from './create-agent.js';

const about = { name: 'worker', description: 'Works.' };
const messages = [userMessage('Go.')];
const again = { toolCalls: [{ toolName: 'count', input: {} }] };
const count = defineTool({
  name: 'count',
  description: 'Counts.',
  inputSchema: z.object({}),
  execute: () => 1,
});
const never = (): Promise<never> => new Promise<never>(() => undefined);

class OverloadedError extends EspalierError {
  static override readonly errorName = 'OverloadedError';
  constructor() {
    super({ code: 'ERR_TEST_OVERLOADED', message: 'Too many requests.', isRetryable: true });
  }
}

describe('limits', () => {
  it('end the run at the step limit, with a result for every call', async () => {
    const model = createMockModel([again, again, again]);
    const agent = createAgent({ ...about, model, tools: [count], limits: { maxSteps: 2 } });
    const { last } = await runToEnd(agent.run({ messages }));
    expect(model.calls).toHaveLength(2);
    expect(last).toMatchObject({
      type: 'run-finished',
      finishReason: 'step-limit',
      newMessages: [
        { role: 'assistant' },
        { role: 'tool', content: [{ toolCallId: 'call-1', output: 1 }] },
        { role: 'assistant' },
        { role: 'tool', content: [{ toolCallId: 'call-2', isError: true }] },
      ],
    });
  });

  it('end the run at the cost limit, and tell what was spent', async () => {
    const usage = { inputTokens: 1_000_000, cachedInputTokens: 500_000, outputTokens: 100_000 };
    const model = createMockModel([
      { ...again, usage },
      { ...again, usage },
    ]);
    const prices = {
      'mock-model': { inputUsdPerMillion: 2, outputUsdPerMillion: 10, cachedInputUsdPerMillion: 1 },
    };
    const agent = createAgent({
      ...about,
      model,
      tools: [count],
      prices,
      limits: { maxCostUsd: 5 },
    });
    const { events, last } = await runToEnd(agent.run({ messages }));
    expect(eventsOf(events, 'step-finished').map(({ costUsd }) => costUsd)).toEqual([2.5, 2.5]);
    expect(last).toMatchObject({ type: 'run-finished', finishReason: 'cost-limit', costUsd: 5 });
  });

  it('warn when the cost limit cannot be kept, or the model cannot call tools', async () => {
    const model = createMockModel({ turns: ['Ok.'], limits: { supportsTools: false } });
    const agent = createAgent({ ...about, model, tools: [count], limits: { maxCostUsd: 1 } });
    const { events } = await runToEnd(agent.run({ messages }));
    expect(eventsOf(events, 'warning').map(({ warning }) => warning.option)).toEqual([
      'tools',
      'limits.maxCostUsd',
    ]);
    expect(model.calls[0]).not.toHaveProperty('tools');
  });

  it('are refused out of range', () => {
    const model = createMockModel([]);
    expect(() => createAgent({ ...about, model, limits: { maxSteps: 0 } })).toThrow(
      'limits.maxSteps',
    );
    expect(() => createAgent({ ...about, model, limits: { maxCostUsd: 0 } })).toThrow(
      'limits.maxCostUsd',
    );
    expect(() => createAgent({ ...about, model, tools: [count, count] })).toThrow('"count"');
  });
});

describe('faults', () => {
  it('end the run with the typed error, after the text that was received', async () => {
    const received: ModelStreamPart[] = [
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'Half an ans' },
    ];
    const model = createMockModel([{ error: new OverloadedError(), afterParts: received }]);
    const { events, last } = await runToEnd(createAgent({ ...about, model }).run({ messages }));
    expect(textOf(events)).toBe('Half an ans');
    expect(last).toEqual({
      type: 'run-failed',
      error: { code: 'ERR_TEST_OVERLOADED', message: 'Too many requests.', isRetryable: true },
    });
  });

  it('end the run with an error of its own where there is no code, and log the cause', async () => {
    const logger = createRecordingLogger();
    const model = createMockModel([{ error: new TypeError('odd') }]);
    const { last } = await runToEnd(createAgent({ ...about, model, logger }).run({ messages }));
    expect(last).toMatchObject({
      type: 'run-failed',
      error: { code: 'ERR_AGENTS_RUN_FAILED', isRetryable: false },
    });
    expect(logger.lines).toMatchObject([{ level: 'error' }]);
  });

  it('are told of a stream that ends without a finish', async () => {
    const model = createMockModel([{ parts: [{ type: 'text-delta', id: 't', text: 'Half' }] }]);
    const { events, last } = await runToEnd(createAgent({ ...about, model }).run({ messages }));
    expect(textOf(events)).toBe('Half');
    expect(last).toMatchObject({
      type: 'run-failed',
      error: { code: 'ERR_AGENTS_MODEL_STREAM_INCOMPLETE' },
    });
  });

  it('of the retriever end the run before the model is called', async () => {
    const model = createMockModel([]);
    const retriever = {
      ...makeRetriever(),
      doRetrieve: () => Promise.reject(new OverloadedError()),
    };
    const { last } = await runToEnd(
      createAgent({ ...about, model, retrieval: { retriever } }).run({ messages }),
    );
    expect(last).toMatchObject({ type: 'run-failed', error: { code: 'ERR_TEST_OVERLOADED' } });
    expect(model.calls).toEqual([]);
  });

  it('of the retriever as a tool are given to the model', async () => {
    const model = createMockModel([
      { toolCalls: [{ toolName: 'search_documents', input: { query: 'x' } }] },
      'Sorry.',
    ]);
    const retriever = {
      ...makeRetriever(),
      doRetrieve: () => Promise.reject(new OverloadedError()),
    };
    const agent = createAgent({ ...about, model, retrieval: { retriever, when: 'tool' } });
    const { events, last } = await runToEnd(agent.run({ messages }));
    expect(eventsOf(events, 'tool-result')[0]).toMatchObject({
      isError: true,
      output: { error: 'Too many requests.' },
    });
    expect(last.type).toBe('run-finished');
  });
});

describe('an abort', () => {
  const abortedRun = async (
    start: (reached: () => void) => Parameters<typeof createAgent>[0],
  ): Promise<Awaited<ReturnType<typeof runToEnd>>> => {
    const controller = new AbortController();
    const reached = Promise.withResolvers<undefined>();
    const agent = createAgent(
      start(() => {
        reached.resolve(undefined);
      }),
    );
    const run = runToEnd(agent.run({ messages, abortSignal: controller.signal }));
    await reached.promise;
    controller.abort();
    return run;
  };

  it('before the start cancels the run', async () => {
    const model = createMockModel([]);
    const { events } = await runToEnd(
      createAgent({ ...about, model }).run({ messages, abortSignal: AbortSignal.abort() }),
    );
    expect(events.map(({ type }) => type)).toEqual([
      'run-started',
      'step-started',
      'model-request',
      'run-cancelled',
    ]);
    expect(model.calls).toEqual([]);
  });

  it('during retrieval cancels the run, though the retriever does not listen', async () => {
    const { last } = await abortedRun((reached) => ({
      ...about,
      model: createMockModel([]),
      retrieval: {
        retriever: {
          ...makeRetriever(),
          doRetrieve() {
            reached();
            return never();
          },
        },
      },
    }));
    expect(last).toEqual({ type: 'run-cancelled' });
  });

  it("during the model's answer cancels the run, though the model does not listen", async () => {
    const { events, last } = await abortedRun((reached) => ({
      ...about,
      model: createMockModel({
        turns: ['Some text'],
        beforePart(part) {
          if (part.type !== 'text-end') return undefined;
          reached();
          return never();
        },
      }),
    }));
    expect(textOf(events)).toBe('Some text');
    expect(last).toEqual({ type: 'run-cancelled' });
  });

  it('during a tool cancels the run and reaches the tool', async () => {
    let seen: AbortSignal | undefined;
    const { last } = await abortedRun((reached) => ({
      ...about,
      model: createMockModel([again]),
      tools: [
        defineTool({
          name: 'count',
          description: 'Hangs.',
          inputSchema: z.object({}),
          execute(_, { abortSignal }) {
            seen = abortSignal;
            reached();
            return never();
          },
        }),
      ],
    }));
    expect(last).toEqual({ type: 'run-cancelled' });
    expect(seen?.aborted).toBe(true);
  });

  it('inside a tool, of its own making, is given to the model', async () => {
    const model = createMockModel([again, 'Sorry.']);
    const own = defineTool({
      name: 'count',
      description: 'Aborts itself.',
      inputSchema: z.object({}),
      execute(): number {
        throw new DOMException('mine', 'AbortError');
      },
    });
    const { events, last } = await runToEnd(
      createAgent({ ...about, model, tools: [own] }).run({ messages }),
    );
    expect(eventsOf(events, 'tool-result')[0]?.isError).toBe(true);
    expect(last.type).toBe('run-finished');
  });

  it('happens by leaving the loop', async () => {
    const model = createMockModel([{ text: ['a', 'b', 'c'] }]);
    for await (const event of createAgent({ ...about, model }).run({ messages })) {
      if (event.type === 'text-delta') break;
    }
    expect(model.calls[0]?.abortSignal?.aborted).toBe(true);
  });
});

describe('time', () => {
  it('is taken from the clock', async () => {
    const clock = createFakeClock();
    const slow = defineTool({
      name: 'count',
      description: 'Takes 40 ms.',
      inputSchema: z.object({}),
      async execute() {
        await clock.advance(40);
        return 1;
      },
    });
    const model = createMockModel([again, 'Done.']);
    const { events } = await runToEnd(
      createAgent({ ...about, model, tools: [slow], clock }).run({ messages }),
    );
    expect(eventsOf(events, 'tool-result')[0]?.durationMs).toBe(40);
    expect(eventsOf(events, 'step-finished').map(({ durationMs }) => durationMs)).toEqual([40, 0]);
  });
});
