import { InvalidArgumentError, type LanguageModel, type LanguageModelLimits } from '@espalier/core';
import { createChatModel } from '../chat-completions/create-chat-model.js';
import type { ChatDialect } from '../chat-completions/chat-request.js';
import { createCallRuntime, type HttpAdapterOptions } from '../transport/call-runtime.js';
import { createFetchTransport } from '../transport/fetch-transport.js';
import { serializeBody } from '../transport/serialize-body.js';
import { createUndiciTransport } from '../transport/undici-transport.js';
import { withWireTarget } from '../wire-target.js';
import { endpointUrl } from './endpoint-url.js';

/** What `createOpenAICompatible` takes. */
export interface OpenAICompatibleOptions extends HttpAdapterOptions {
  /** The provider's name in telemetry, errors and provider options. */
  readonly id: string;
  /** Up to and with the version: `http://127.0.0.1:8000/v1`. */
  readonly baseURL: string;
  readonly apiKey?: string;
  /** The model's id at the server. */
  readonly model: string;
  readonly limits?: Partial<LanguageModelLimits>;
  /** Where the server differs from what most understand. */
  readonly dialect?: Partial<ChatDialect>;
}

const DEFAULT_DIALECT: ChatDialect = {
  maxTokensField: 'max_tokens',
  supportsTopK: false,
  supportsSampling: true,
  supportsStreamUsage: true,
  supportsJsonSchema: true,
  maxStopSequences: 4,
};

/**
 * Creates a language model at any URL that speaks OpenAI's Chat Completions API: vLLM, llama.cpp, Ollama, a gateway.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `baseURL` is no HTTP URL.
 */
export function createOpenAICompatible(options: OpenAICompatibleOptions): LanguageModel {
  const url = endpointUrl(options.baseURL, 'chat/completions');
  if (options.model === '')
    throw new InvalidArgumentError({ argument: 'model', value: '', expected: "the model's id" });
  const runtime = createCallRuntime({ provider: options.id, modelId: options.model }, options, [
    options.apiKey,
  ]);
  const transport =
    options.fetch === undefined ? createUndiciTransport() : createFetchTransport(options.fetch);
  const dialect = { ...DEFAULT_DIALECT, ...options.dialect };
  const headers = (): Record<string, string> => ({
    'content-type': 'application/json',
    ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
    ...lowerCased(options.headers),
  });
  const model = createChatModel({
    runtime,
    url,
    limits: {
      supportsTools: true,
      supportsImages: true,
      supportsFiles: true,
      supportsJsonSchema: dialect.supportsJsonSchema,
      ...options.limits,
    },
    dialectFor: () => dialect,
    send: (request) =>
      transport({
        url,
        headers: {
          ...headers(),
          accept: request.body['stream'] === true ? 'text/event-stream' : 'application/json',
          ...lowerCased(request.headers),
        },
        body: serializeBody(request.body),
        abortSignal: request.abortSignal,
      }),
  });
  return withWireTarget(model, {
    wire: 'openai-chat-completions',
    url,
    headers,
    modelId: options.model,
    timeouts: runtime.timeouts,
    maxResponseBytes: runtime.maxResponseBytes,
  });
}

function lowerCased(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
