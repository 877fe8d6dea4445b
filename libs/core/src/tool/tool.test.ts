import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool } from './tool.js';

const context = { toolCallId: 'call-1' };
const add = defineTool({
  name: 'add',
  description: 'Adds.',
  inputSchema: z.object({ a: z.number(), b: z.number().default(1) }),
  outputSchema: z.number(),
  execute: ({ a, b }) => a + b,
});

describe('defineTool', () => {
  it('tells a model what the tool takes, as JSON Schema of the input', () => {
    expect(add.definition).toMatchObject({
      name: 'add',
      description: 'Adds.',
      inputSchema: {
        type: 'object',
        properties: { a: { type: 'number' }, b: { type: 'number', default: 1 } },
        required: ['a'],
      },
    });
  });

  it('checks the input, fills in defaults, and gives the output', async () => {
    expect(await add.run({ a: 2 }, context)).toBe(3);
    expect(await add.run({ a: 2, b: 5 }, context)).toBe(7);
  });

  it('refuses input that does not fit, naming tool, place and input', async () => {
    await expect(add.run({ a: 'two' }, context)).rejects.toMatchObject({
      code: 'ERR_CORE_TOOL_INPUT',
      message: expect.stringMatching(/"add"[\s\S]*number[\s\S]*"two"/u) as string,
    });
  });

  it('refuses output that does not fit its schema, and output that is not JSON', async () => {
    const wrong = defineTool({
      name: 'wrong',
      description: '',
      inputSchema: z.object({}),
      outputSchema: z.string(),
      execute: () => 5 as never,
    });
    await expect(wrong.run({}, context)).rejects.toMatchObject({ code: 'ERR_CORE_TOOL_OUTPUT' });
    for (const output of [() => undefined, 1n, Number.NaN, { f: () => 1 }]) {
      const odd = defineTool({
        name: 'odd',
        description: '',
        inputSchema: z.object({}),
        execute: () => output,
      });
      await expect(odd.run({}, context)).rejects.toMatchObject({ code: 'ERR_CORE_TOOL_OUTPUT' });
    }
  });

  it('gives null for a function that returns nothing', async () => {
    const quiet = defineTool({
      name: 'quiet',
      description: '',
      inputSchema: z.object({}),
      execute: () => undefined,
    });
    expect(await quiet.run({}, context)).toBeNull();
  });

  it('throws on what the function throws', async () => {
    const failure = new Error('boom');
    const broken = defineTool({
      name: 'broken',
      description: '',
      inputSchema: z.object({}),
      execute: () => {
        throw failure;
      },
    });
    await expect(broken.run({}, context)).rejects.toBe(failure);
  });

  it('ends a call that takes too long, and tells the function', async () => {
    let aborted = false;
    const slow = defineTool({
      name: 'slow',
      description: '',
      inputSchema: z.object({}),
      timeoutMs: 5,
      execute: (_, { abortSignal }) =>
        new Promise(() => {
          abortSignal?.addEventListener('abort', () => {
            aborted = true;
          });
        }),
    });
    await expect(slow.run({}, context)).rejects.toMatchObject({
      code: 'ERR_CORE_TOOL_TIMEOUT',
      isRetryable: true,
    });
    expect(aborted).toBe(true);
  });

  it('lets an abort of the caller pass unwrapped', async () => {
    const reason = new DOMException('Enough.', 'AbortError');
    const slow = defineTool({
      name: 'slow',
      description: '',
      inputSchema: z.object({}),
      timeoutMs: 60_000,
      execute: () => new Promise(() => undefined),
    });
    const controller = new AbortController();
    const call = slow.run({}, { ...context, abortSignal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(slow.run({}, { ...context, abortSignal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it('asks for approval by rule, and never for input that would not run', async () => {
    const make = (needsApproval?: boolean | ((input: { n: number }) => boolean)) =>
      defineTool({
        name: 't',
        description: '',
        inputSchema: z.object({ n: z.number() }),
        ...(needsApproval === undefined ? {} : { needsApproval }),
        execute: () => null,
      });
    expect(await make().needsApproval({ n: 1 })).toBe(false);
    expect(await make(true).needsApproval({ n: 1 })).toBe(true);
    const large = make(({ n }) => n > 10);
    expect([
      await large.needsApproval({ n: 5 }),
      await large.needsApproval({ n: 50 }),
      await large.needsApproval({ n: 'x' }),
    ]).toEqual([false, true, false]);
  });

  it.each(['', 'has space', 'dot.ted', 'x'.repeat(65), 'ü'])('refuses the name "%s"', (name) => {
    expect(() =>
      defineTool({ name, description: '', inputSchema: z.object({}), execute: () => null }),
    ).toThrow(expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }));
  });
});
