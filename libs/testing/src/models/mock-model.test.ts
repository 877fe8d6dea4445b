import { InvalidArgumentError, userMessage } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { describeLanguageModelConformance } from '../conformance/language-model.js';
import { MockExhaustedError } from '../errors.js';
import { createMockModel, type MockTurn } from './mock-model.js';

const SCENARIOS: Record<'text' | 'tool-call' | 'fault', MockTurn> = {
  text: { text: ['Hel', 'lo'], reasoning: 'Be polite.' },
  'tool-call': { toolCalls: [{ toolName: 'get_weather', input: { city: 'Paris' } }] },
  fault: {
    error: new InvalidArgumentError({
      argument: 'messages',
      value: [],
      expected: 'other messages',
    }),
  },
};

describeLanguageModelConformance('createMockModel', {
  create: (scenario) => createMockModel({ turns: () => SCENARIOS[scenario] }),
});

describe('createMockModel', () => {
  const call = { messages: [userMessage('Hi')] };

  it('answers turn by turn and remembers its calls', async () => {
    const model = createMockModel(['one', 'two']);
    expect((await model.doGenerate(call)).content).toEqual([{ type: 'text', text: 'one' }]);
    expect((await model.doGenerate({ ...call, temperature: 0 })).content).toEqual([
      { type: 'text', text: 'two' },
    ]);
    expect(model.calls).toEqual([call, { ...call, temperature: 0 }]);
  });

  it('says so when its script is used up', async () => {
    const model = createMockModel([]);
    const error: unknown = await model.doStream(call).catch((caught: unknown) => caught);
    expect(MockExhaustedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_TESTING_MOCK_EXHAUSTED' });
  });

  it('fails after the parts it was told to give first', async () => {
    const error = new Error('Cut.');
    const model = createMockModel([
      { afterParts: [{ type: 'stream-start', warnings: [] }], error },
    ]);
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const part of (await model.doStream(call)).stream) seen.push(part.type);
    };
    await expect(read()).rejects.toBe(error);
    expect(seen).toEqual(['stream-start']);
  });
});
