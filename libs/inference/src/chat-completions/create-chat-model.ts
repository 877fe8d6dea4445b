import type { LanguageModel, LanguageModelCallOptions, LanguageModelLimits } from '@espalier/core';
import type { CallRuntime } from '../transport/call-runtime.js';
import type { HttpResponse } from '../transport/http-transport.js';
import { openModelStream } from '../transport/open-model-stream.js';
import { requestJson } from '../transport/request-json.js';
import { toChatRequest, type ChatDialect } from './chat-request.js';
import { createChatStreamReader } from './chat-stream-reader.js';
import { chatCompletionSchema } from './chat-wire-schema.js';
import { readChatAnswer } from './read-chat-answer.js';

/** What a model over the Chat Completions wire is made from. */
export interface ChatModelOptions {
  readonly runtime: CallRuntime;
  readonly limits: LanguageModelLimits;
  /** Where requests go; for errors. */
  readonly url: string;
  readonly dialectFor: (call: LanguageModelCallOptions) => ChatDialect;
  readonly send: (request: {
    body: Record<string, unknown>;
    headers: Readonly<Record<string, string>>;
    abortSignal: AbortSignal;
  }) => Promise<HttpResponse>;
}

/** Creates a language model over the Chat Completions wire, whatever carries it. */
export function createChatModel(options: ChatModelOptions): LanguageModel {
  const { runtime, url } = options;
  const { provider, modelId } = runtime.identity;

  const prepare = (call: LanguageModelCallOptions, stream: boolean) => {
    call.abortSignal?.throwIfAborted();
    const request = toChatRequest({
      modelId,
      provider,
      call,
      stream,
      dialect: options.dialectFor(call),
    });
    return {
      ...request,
      send: (abortSignal: AbortSignal) =>
        options.send({ body: request.body, headers: call.headers ?? {}, abortSignal }),
    };
  };

  return {
    specificationVersion: 'v1',
    provider,
    modelId,
    limits: options.limits,
    async doGenerate(call) {
      const { body, warnings, send } = prepare(call, false);
      const completion = await requestJson({
        url,
        send,
        schema: chatCompletionSchema,
        runtime,
        abortSignal: call.abortSignal,
      });
      return {
        ...readChatAnswer(completion),
        warnings,
        exchange: {
          requestBody: body,
          ...(completion.id ? { responseId: completion.id } : {}),
          ...(completion.model ? { responseModelId: completion.model } : {}),
        },
      };
    },
    async doStream(call) {
      const { body, warnings, send } = prepare(call, true);
      const stream = await openModelStream({
        url,
        send,
        createReader: () => createChatStreamReader(runtime.redact),
        warnings,
        runtime,
        abortSignal: call.abortSignal,
      });
      return { stream, exchange: { requestBody: body } };
    },
  };
}
