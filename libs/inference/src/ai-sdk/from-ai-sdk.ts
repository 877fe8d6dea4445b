import {
  createStreamCollector,
  EspalierError,
  isAbortError,
  type LanguageModel,
  type LanguageModelCallOptions,
  type LanguageModelLimits,
  type ModelStreamPart,
  type Warning,
} from '@espalier/core';
import { ModelConnectionError, ModelStreamError, ModelTimeoutError } from '../errors.js';
import { parseToolInput } from '../chat-completions/parse-tool-input.js';
import { runWithRetries } from '../retry/run-with-retries.js';
import { createCallGuard } from '../transport/call-guard.js';
import { startLimit } from '../transport/start-limit.js';
import {
  createCallRuntime,
  type CallRuntime,
  type HttpAdapterOptions,
} from '../transport/call-runtime.js';
import { statusError } from '../transport/status-error.js';
import type {
  AiSdkLanguageModel,
  SdkGenerateResult,
  SdkStreamPart,
  SdkStreamResult,
} from './ai-sdk-shapes.js';
import {
  fromSdkContent,
  fromSdkFinishReason,
  fromSdkUsage,
  fromSdkWarning,
} from './read-sdk-answer.js';
import { toSdkCallOptions } from './to-sdk-prompt.js';

/** What `fromAiSdk` takes besides the model. */
export interface FromAiSdkOptions extends Pick<
  HttpAdapterOptions,
  'timeouts' | 'retry' | 'clock' | 'random'
> {
  /** What the model can do; the AI SDK does not tell. Default: everything. */
  readonly limits?: Partial<LanguageModelLimits>;
}

/**
 * Returns a language model over one made for the AI SDK, of interface version 2, 3 or 4.
 *
 * The object is taken by its shape: no package of the AI SDK is needed. Failures become this library's errors, and a
 * stream that ends without its `finish` is one.
 */
export function fromAiSdk(
  model: AiSdkLanguageModel,
  options: FromAiSdkOptions = {},
): LanguageModel {
  const runtime = createCallRuntime(model, options, []);
  const { outputMs } = runtime.timeouts;

  /** Starts a call within the time limit, tried again as long as nothing has come of it. */
  const begin = <Result>(method: 'doGenerate' | 'doStream', call: LanguageModelCallOptions) =>
    runWithRetries(
      async ({ remainingMs }) => {
        const guard = createCallGuard({ clock: runtime.clock, abortSignal: call.abortSignal });
        startLimit(guard, runtime, 'outputMs', remainingMs);
        try {
          const sent = {
            ...toSdkCallOptions(call, model.specificationVersion),
            abortSignal: guard.signal,
          };
          const result = (await guard.race(
            Promise.resolve(model[method](sent as never)),
          )) as Result;
          guard.stop('output');
          return { result, guard };
        } catch (error) {
          guard.close();
          throw toModelError(error, runtime);
        }
      },
      {
        policy: runtime.retry,
        totalMs: outputMs,
        clock: runtime.clock,
        random: runtime.random,
        abortSignal: call.abortSignal,
      },
    );

  return {
    specificationVersion: 'v1',
    provider: model.provider,
    modelId: model.modelId,
    limits: {
      supportsTools: true,
      supportsImages: true,
      supportsFiles: true,
      supportsJsonSchema: true,
      ...options.limits,
    },
    async doGenerate(call) {
      const { result, guard } = await begin<SdkGenerateResult>('doGenerate', call);
      guard.close();
      return {
        content: result.content.flatMap(fromSdkContent),
        finishReason: fromSdkFinishReason(result.finishReason),
        usage: fromSdkUsage(result.usage),
        warnings: [...result.warnings.map(fromSdkWarning), ...lostOptions(call, model)],
        exchange: {
          requestBody: result.request?.body,
          ...(result.response?.id === undefined ? {} : { responseId: result.response.id }),
          ...(result.response?.modelId === undefined
            ? {}
            : { responseModelId: result.response.modelId }),
        },
        ...(result.providerMetadata === undefined
          ? {}
          : { providerMetadata: result.providerMetadata }),
      };
    },
    async doStream(call) {
      const { result, guard } = await begin<SdkStreamResult>('doStream', call);
      const reader = result.stream.getReader();
      const parts = readParts(reader, lostOptions(call, model), runtime, guard, call.abortSignal);
      return {
        stream: closing(parts, () => guard.close(), reader),
        exchange: { requestBody: result.request?.body },
      };
    },
  };
}

async function* readParts(
  reader: ReadableStreamDefaultReader<SdkStreamPart>,
  lost: readonly Warning[],
  runtime: CallRuntime,
  guard: ReturnType<typeof createCallGuard>,
  abortSignal: AbortSignal | undefined,
): AsyncGenerator<ModelStreamPart, void> {
  const collector = createStreamCollector();
  let isFinished = false;
  let hasStarted = false;
  const fail = (
    fault: ModelStreamError['fault'],
    problem: string,
    isRetryable: boolean,
    cause?: unknown,
  ): ModelStreamError =>
    new ModelStreamError({
      ...runtime.identity,
      fault,
      problem,
      isRetryable,
      cause,
      partial: collector.read(),
    });
  try {
    for (;;) {
      startLimit(guard, runtime, 'idleMs');
      const next = await guard.race(reader.read());
      guard.stop('idle');
      if (next.done) break;
      if (next.value.type === 'error') {
        const error = toModelError(next.value.error, runtime);
        if (isAbortError(error)) throw error;
        throw fail(
          'upstream-error',
          `the provider reported an error: ${messageOf(error)}`,
          EspalierError.isInstance(error) && error.isRetryable,
          next.value.error,
        );
      }
      if (!hasStarted) {
        hasStarted = true;
        const warnings =
          next.value.type === 'stream-start' ? next.value.warnings.map(fromSdkWarning) : [];
        yield { type: 'stream-start', warnings: [...warnings, ...lost] };
      }
      for (const part of fromSdkStreamPart(next.value)) {
        collector.add(part);
        isFinished ||= part.type === 'finish';
        yield part;
      }
    }
    if (!isFinished)
      throw fail('early-close', 'the provider closed it before the end of the answer.', true);
  } catch (error) {
    if (abortSignal?.aborted === true) throw abortSignal.reason;
    if (ModelStreamError.isInstance(error) || isAbortError(error)) throw error;
    if (ModelTimeoutError.isInstance(error))
      throw fail('stalled', `no part came for ${runtime.timeouts.idleMs} ms.`, true, error);
    throw fail('connection-lost', messageOf(error), true, error);
  } finally {
    guard.close();
    reader.cancel().catch(() => undefined);
  }
}

function fromSdkStreamPart(part: SdkStreamPart): ModelStreamPart[] {
  switch (part.type) {
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'tool-input-end':
      return [{ type: part.type, id: part.id }];
    case 'reasoning-end':
      return [
        {
          type: 'reasoning-end',
          id: part.id,
          ...(part.providerMetadata === undefined
            ? {}
            : { providerMetadata: part.providerMetadata }),
        },
      ];
    case 'text-delta':
    case 'reasoning-delta':
      return [{ type: part.type, id: part.id, text: part.delta }];
    case 'tool-input-start':
      return [{ type: 'tool-input-start', id: part.id, toolName: part.toolName }];
    case 'tool-input-delta':
      return [{ type: 'tool-input-delta', id: part.id, delta: part.delta }];
    case 'tool-call':
      if (part.providerExecuted === true) return [];
      return [
        {
          type: 'tool-call',
          toolCallId: part.toolCallId,
          toolName: part.toolName,
          ...parseToolInput(part.input),
          ...(part.providerMetadata === undefined
            ? {}
            : { providerMetadata: part.providerMetadata }),
        },
      ];
    case 'response-metadata':
      return [
        {
          type: 'response-metadata',
          ...(part.id === undefined ? {} : { id: part.id }),
          ...(part.modelId === undefined ? {} : { modelId: part.modelId }),
          ...(part.timestamp === undefined ? {} : { timestampMs: part.timestamp.getTime() }),
        },
      ];
    case 'finish':
      return [
        {
          type: 'finish',
          finishReason: fromSdkFinishReason(part.finishReason),
          usage: fromSdkUsage(part.usage),
          ...(part.providerMetadata === undefined
            ? {}
            : { providerMetadata: part.providerMetadata }),
        },
      ];
    default:
      return [];
  }
}

/** A stream that frees its source also when it is left before the first part was read. */
function closing(
  parts: AsyncGenerator<ModelStreamPart, void>,
  close: () => void,
  reader: ReadableStreamDefaultReader<unknown>,
): AsyncIterable<ModelStreamPart> {
  const iterator: AsyncIterator<ModelStreamPart, void> = {
    next: () => parts.next(),
    async return() {
      close();
      reader.cancel().catch(() => undefined);
      await parts.return();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

function lostOptions(call: LanguageModelCallOptions, model: AiSdkLanguageModel): Warning[] {
  const warnings: Warning[] = [];
  if (call.parallelToolCalls !== undefined)
    warnings.push({
      option: 'parallelToolCalls',
      message: 'The AI SDK has no such option; use providerOptions.',
    });
  if (call.reasoningEffort !== undefined && model.specificationVersion !== 'v4') {
    warnings.push({
      option: 'reasoningEffort',
      message: `AI SDK models of version ${model.specificationVersion} have no such option; use providerOptions.`,
    });
  }
  return warnings;
}

/** The error that the AI SDK's providers throw for an HTTP answer, by its fields. */
interface ApiCallErrorShape {
  readonly message: string;
  readonly url?: string;
  readonly statusCode?: number;
  readonly responseHeaders?: Record<string, string>;
  readonly isRetryable?: boolean;
}

function toModelError(error: unknown, runtime: CallRuntime): unknown {
  if (isAbortError(error) || EspalierError.isInstance(error) || !(error instanceof Error))
    return error;
  const { statusCode, responseHeaders, isRetryable, url } = error as Error & ApiCallErrorShape;
  if (typeof statusCode === 'number') {
    return statusError(
      statusCode,
      { reason: error.message, providerCode: undefined },
      responseHeaders ?? {},
      runtime,
    );
  }
  return isRetryable === true
    ? new ModelConnectionError({ ...runtime.identity, url: url ?? '', cause: error })
    : error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
