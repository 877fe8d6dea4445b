import type { LanguageModel, LanguageModelCallOptions, LanguageModelLimits } from '@espalier/core';
import { createChatModel } from '../chat-completions/create-chat-model.js';
import type { ChatDialect } from '../chat-completions/chat-request.js';
import { endpointUrl } from '../openai-compatible/endpoint-url.js';
import { createCallRuntime, type HttpAdapterOptions } from '../transport/call-runtime.js';
import { createFetchTransport } from '../transport/fetch-transport.js';
import { sendViaClient } from '../transport/send-via-client.js';
import { createUndiciTransport } from '../transport/undici-transport.js';
import { withWireTarget } from '../wire-target.js';
import { createOpenAIClientSource, OPENAI_BASE_URL, type OpenAIAccess } from './open-client.js';

/** What `createOpenAI` takes. */
export interface OpenAIOptions extends OpenAIAccess, HttpAdapterOptions {
  readonly apiKey: string;
  readonly modelId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits?: Partial<LanguageModelLimits>;
}

/** No answer takes longer than the limits of the call around it; the client's own limit must not come first. */
const CLIENT_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Creates a language model over OpenAI's Chat Completions API with the official `openai` client, an optional peer.
 *
 * The client writes the request; retries, time limits and the reading of the answer are this library's.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `baseURL` is no HTTP URL.
 * @throws {PeerMissingError} `ERR_INFERENCE_PEER_MISSING`: `openai` is not installed (at the first call).
 */
export function createOpenAI(options: OpenAIOptions): LanguageModel {
  const url = endpointUrl(options.baseURL ?? OPENAI_BASE_URL, 'chat/completions');
  const runtime = createCallRuntime({ provider: 'openai', modelId: options.modelId }, options, [
    options.apiKey,
  ]);
  const transport =
    options.fetch === undefined ? createUndiciTransport() : createFetchTransport(options.fetch);
  const clientWith = createOpenAIClientSource(options);
  const model = createChatModel({
    runtime,
    url,
    limits: {
      supportsTools: true,
      supportsImages: true,
      supportsFiles: true,
      supportsJsonSchema: true,
      ...options.limits,
    },
    dialectFor: (call) => dialectOf(options.modelId, call),
    send: ({ body, headers, abortSignal }) =>
      sendViaClient(transport, abortSignal, async (fetchFunction) => {
        const client = await clientWith(fetchFunction);
        await client
          .post('/chat/completions', {
            body,
            headers: { ...headers },
            signal: abortSignal,
            timeout: CLIENT_TIMEOUT_MS,
          })
          .asResponse();
      }),
  });
  return withWireTarget(model, {
    wire: 'openai-chat-completions',
    url,
    headers: () => ({
      'content-type': 'application/json',
      authorization: `Bearer ${options.apiKey}`,
      ...(options.organization === undefined
        ? {}
        : { 'openai-organization': options.organization }),
      ...(options.project === undefined ? {} : { 'openai-project': options.project }),
      ...options.headers,
    }),
    modelId: options.modelId,
    timeouts: runtime.timeouts,
    maxResponseBytes: runtime.maxResponseBytes,
  });
}

/** Models that reason take no sampling options while they do. */
function dialectOf(modelId: string, call: LanguageModelCallOptions): ChatDialect {
  const reasons =
    /^(?:o\d|gpt-[5-9])/u.test(modelId) &&
    !modelId.includes('chat') &&
    call.reasoningEffort !== 'none';
  return {
    maxTokensField: 'max_completion_tokens',
    supportsTopK: false,
    supportsSampling: !reasons,
    supportsStreamUsage: true,
    supportsJsonSchema: true,
    maxStopSequences: 4,
  };
}
