import {
  createStreamCollector,
  throwIfAborted,
  type FinishReason,
  type JsonValue,
  type LanguageModel,
  type LanguageModelCallOptions,
  type LanguageModelLimits,
  type LanguageModelResult,
  type ModelStreamPart,
  type Usage,
} from '@espalier/core';
import { MockExhaustedError } from '../errors.js';

/** A tool call of a scripted turn. */
export interface MockToolCall {
  readonly toolName: string;
  readonly input: JsonValue;
  /** Default: `call-1`, `call-2` … over the life of the mock. */
  readonly toolCallId?: string;
}

/** What a mock model answers to one call. */
export type MockTurn =
  | string
  | {
      /** One text block; a list is streamed as one delta each, a string as one delta. */
      readonly text?: string | readonly string[];
      readonly reasoning?: string;
      readonly toolCalls?: readonly MockToolCall[];
      /** Default: `tool-calls` where there are calls, else `stop`. */
      readonly finishReason?: FinishReason;
      readonly usage?: Usage;
    }
  /** These parts, exactly; `stream-start` and `finish` are not added. */
  | { readonly parts: readonly ModelStreamPart[] }
  /** Fails: at once, or after the given parts where there are some. */
  | { readonly error: Error; readonly afterParts?: readonly ModelStreamPart[] };

/** What `createMockModel` takes. */
export interface MockModelOptions {
  /**
   * One turn for each call, in order; or a function of the call.
   *
   * A list that is used up fails the next call with `ERR_TESTING_MOCK_EXHAUSTED`.
   */
  readonly turns:
    | readonly MockTurn[]
    | ((call: LanguageModelCallOptions, index: number) => MockTurn | Promise<MockTurn>);
  readonly provider?: string;
  readonly modelId?: string;
  readonly limits?: Partial<LanguageModelLimits>;
  /** Called before each streamed part; a test can hold the stream here. */
  readonly beforePart?: (part: ModelStreamPart) => void | Promise<void>;
}

/** A model that answers by script and remembers what it was asked. */
export interface MockModel extends LanguageModel {
  /** The options of every call, oldest first. */
  readonly calls: readonly LanguageModelCallOptions[];
}

/** Creates a mock model. `createMockModel(['Hello'])` answers one call with one text. */
export function createMockModel(script: MockModelOptions | readonly MockTurn[]): MockModel {
  const options: MockModelOptions = isTurnList(script) ? { turns: script } : script;
  const modelId = options.modelId ?? 'mock-model';
  const calls: LanguageModelCallOptions[] = [];
  let toolCalls = 0;

  const nextTurn = async (call: LanguageModelCallOptions): Promise<MockTurn> => {
    throwIfAborted(call.abortSignal);
    const index = calls.push(call) - 1;
    if (typeof options.turns === 'function') return options.turns(call, index);
    const turn = options.turns[index];
    if (turn === undefined)
      throw new MockExhaustedError({
        mock: modelId,
        calls: index + 1,
        turns: options.turns.length,
      });
    return turn;
  };
  const nextToolCallId = (): string => `call-${++toolCalls}`;

  const open = async (call: LanguageModelCallOptions): Promise<AsyncIterable<ModelStreamPart>> => {
    const turn = await nextTurn(call);
    if (typeof turn === 'object' && 'error' in turn && turn.afterParts === undefined)
      throw turn.error;
    const parts = partsOf(turn, modelId, nextToolCallId);
    return play(parts, turn, call.abortSignal, options.beforePart);
  };

  return {
    specificationVersion: 'v1',
    provider: options.provider ?? 'mock',
    modelId,
    limits: {
      supportsTools: true,
      supportsImages: true,
      supportsFiles: true,
      supportsJsonSchema: true,
      ...options.limits,
    },
    calls,
    async doGenerate(call): Promise<LanguageModelResult> {
      const collector = createStreamCollector();
      let warnings: LanguageModelResult['warnings'] = [];
      for await (const part of await open(call)) {
        if (part.type === 'stream-start') warnings = part.warnings;
        collector.add(part);
      }
      const { content, finishReason, usage } = collector.read();
      return {
        content,
        finishReason: finishReason ?? 'other',
        usage,
        warnings,
        exchange: { responseModelId: modelId },
      };
    },
    async doStream(call) {
      return { stream: await open(call), exchange: { responseModelId: modelId } };
    },
  };
}

function isTurnList(script: MockModelOptions | readonly MockTurn[]): script is readonly MockTurn[] {
  return Array.isArray(script);
}

function partsOf(
  turn: MockTurn,
  modelId: string,
  nextToolCallId: () => string,
): readonly ModelStreamPart[] {
  if (typeof turn === 'string') return partsOf({ text: turn }, modelId, nextToolCallId);
  if ('parts' in turn) return turn.parts;
  if ('error' in turn) return turn.afterParts ?? [];
  const parts: ModelStreamPart[] = [
    { type: 'stream-start', warnings: [] },
    { type: 'response-metadata', modelId },
  ];
  if (turn.reasoning !== undefined) {
    parts.push(
      { type: 'reasoning-start', id: 'reasoning' },
      { type: 'reasoning-delta', id: 'reasoning', text: turn.reasoning },
      { type: 'reasoning-end', id: 'reasoning' },
    );
  }
  if (turn.text !== undefined) {
    const deltas = typeof turn.text === 'string' ? [turn.text] : turn.text;
    parts.push({ type: 'text-start', id: 'text' });
    for (const text of deltas) parts.push({ type: 'text-delta', id: 'text', text });
    parts.push({ type: 'text-end', id: 'text' });
  }
  const calls = turn.toolCalls ?? [];
  for (const { toolName, input, toolCallId = nextToolCallId() } of calls) {
    parts.push(
      { type: 'tool-input-start', id: toolCallId, toolName },
      { type: 'tool-input-delta', id: toolCallId, delta: JSON.stringify(input) },
      { type: 'tool-input-end', id: toolCallId },
      { type: 'tool-call', toolCallId, toolName, input },
    );
  }
  parts.push({
    type: 'finish',
    finishReason: turn.finishReason ?? (calls.length > 0 ? 'tool-calls' : 'stop'),
    usage: turn.usage ?? { inputTokens: 10, outputTokens: 5 },
  });
  return parts;
}

async function* play(
  parts: readonly ModelStreamPart[],
  turn: MockTurn,
  abortSignal: AbortSignal | undefined,
  beforePart: MockModelOptions['beforePart'],
): AsyncGenerator<ModelStreamPart, void, void> {
  for (const part of parts) {
    await beforePart?.(part);
    throwIfAborted(abortSignal);
    yield part;
  }
  if (typeof turn === 'object' && 'error' in turn) throw turn.error;
}
