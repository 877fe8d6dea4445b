import {
  createStreamCollector,
  EspalierError,
  userMessage,
  type LanguageModel,
  type LanguageModelCallOptions,
  type ModelStreamPart,
} from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { streamGrammarProblems } from './stream-grammar.js';

/**
 * What the model, or the upstream double behind it, does in a test.
 *
 * `text`: answers with some text. `tool-call`: calls `get_weather` with `{ "city": "Paris" }`.
 * `fault`: fails in a way that is not worth a retry, before any output.
 */
export type LanguageModelScenario = 'text' | 'tool-call' | 'fault';

/** What the suite needs. */
export interface LanguageModelConformanceOptions {
  /** Makes a fresh model that plays the scenario on every call. */
  create(scenario: LanguageModelScenario): LanguageModel | Promise<LanguageModel>;
  /** Which scenarios the model can play. Default: all. */
  readonly scenarios?: readonly LanguageModelScenario[];
  /** A question that the model answers in scenario `text`. Default: a greeting. */
  readonly messages?: LanguageModelCallOptions['messages'];
  /** Whether the same call gives the same text. Default `true`. */
  readonly isDeterministic?: boolean;
}

const weatherTool = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

/** Declares the tests that every `LanguageModel` must pass. */
export function describeLanguageModelConformance(
  name: string,
  options: LanguageModelConformanceOptions,
): void {
  const messages = options.messages ?? [userMessage('Say hello.')];
  const scenarios = options.scenarios ?? ['text', 'tool-call', 'fault'];
  const call: LanguageModelCallOptions = { messages };

  describe(`${name} keeps the LanguageModel contract`, () => {
    it('says who it is and what it can do', async () => {
      const model = await options.create('text');
      expect(model.specificationVersion).toBe('v1');
      expect(model.provider).not.toBe('');
      expect(model.modelId).not.toBe('');
      for (const key of [
        'supportsTools',
        'supportsImages',
        'supportsFiles',
        'supportsJsonSchema',
      ] as const) {
        expect(typeof model.limits[key]).toBe('boolean');
      }
    });

    it('gives a whole answer with a reason to finish and a usage', async () => {
      const result = await (await options.create('text')).doGenerate(call);
      expect(textOf(result.content)).not.toBe('');
      expect(result.finishReason).toBe('stop');
      for (const count of Object.values(result.usage)) expect(Number.isInteger(count)).toBe(true);
      expect(Array.isArray(result.warnings)).toBe(true);
    });

    it('streams its parts in the order of the contract', async () => {
      const parts = await collect(await options.create('text'), call);
      expect(streamGrammarProblems(parts)).toEqual([]);
      expect(parts.some((part) => part.type === 'text-delta')).toBe(true);
    });

    it.runIf(options.isDeterministic ?? true)(
      'streams the same text that it gives whole',
      async () => {
        const whole = await (await options.create('text')).doGenerate(call);
        const collector = createStreamCollector();
        for (const part of await collect(await options.create('text'), call)) collector.add(part);
        expect(textOf(collector.read().content)).toBe(textOf(whole.content));
        expect(collector.read().finishReason).toBe(whole.finishReason);
      },
    );

    it('leaves the options of a call as they are', async () => {
      const frozen = deepFreeze(structuredClone(call));
      await (await options.create('text')).doGenerate(frozen);
      await collect(await options.create('text'), frozen);
    });

    it('refuses a call whose signal is already aborted, with the reason of the signal', async () => {
      const reason = new DOMException('Enough.', 'AbortError');
      const abortSignal = AbortSignal.abort(reason);
      await expect(
        (await options.create('text')).doGenerate({ ...call, abortSignal }),
      ).rejects.toBe(reason);
      await expect(collect(await options.create('text'), { ...call, abortSignal })).rejects.toBe(
        reason,
      );
    });

    it('ends a stream with the reason of the signal when it is aborted on the way', async () => {
      const reason = new DOMException('Enough.', 'AbortError');
      const controller = new AbortController();
      const { stream } = await (
        await options.create('text')
      ).doStream({ ...call, abortSignal: controller.signal });
      const read = async (): Promise<void> => {
        for await (const _ of stream) controller.abort(reason);
      };
      await expect(read()).rejects.toBe(reason);
    });

    it('lets a reader leave the stream early', async () => {
      const { stream } = await (await options.create('text')).doStream(call);
      for await (const part of stream) {
        expect(part.type).toBe('stream-start');
        break;
      }
    });

    it.runIf(scenarios.includes('tool-call'))(
      'gives tool calls with parsed arguments',
      async () => {
        const withTools = { ...call, tools: [weatherTool] };
        const whole = await (await options.create('tool-call')).doGenerate(withTools);
        const called = whole.content.find((part) => part.type === 'tool-call');
        expect(called).toMatchObject({ toolName: 'get_weather', input: { city: 'Paris' } });
        expect(called?.toolCallId).not.toBe('');
        expect(whole.finishReason).toBe('tool-calls');

        const parts = await collect(await options.create('tool-call'), withTools);
        expect(streamGrammarProblems(parts)).toEqual([]);
        expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({
          toolName: 'get_weather',
          input: { city: 'Paris' },
        });
        expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: 'tool-calls' });
      },
    );

    it.runIf(scenarios.includes('fault'))(
      'fails with a typed error, whole or streamed',
      async () => {
        const whole: unknown = await (
          await options.create('fault')
        )
          .doGenerate(call)
          .catch((error: unknown) => error);
        expect(EspalierError.isInstance(whole)).toBe(true);
        const streamed: unknown = await collect(await options.create('fault'), call).catch(
          (error: unknown) => error,
        );
        expect(EspalierError.isInstance(streamed)).toBe(true);
      },
    );
  });
}

async function collect(
  model: LanguageModel,
  call: LanguageModelCallOptions,
): Promise<ModelStreamPart[]> {
  const parts: ModelStreamPart[] = [];
  for await (const part of (await model.doStream(call)).stream) parts.push(part);
  return parts;
}

function textOf(content: readonly { readonly type: string; readonly text?: string }[]): string {
  return content.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('');
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
