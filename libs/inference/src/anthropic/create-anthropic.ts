import type { LanguageModel, LanguageModelCallOptions, LanguageModelLimits } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { endpointUrl } from '../openai-compatible/endpoint-url.js';
import { createCallRuntime, type HttpAdapterOptions } from '../transport/call-runtime.js';
import { createFetchTransport } from '../transport/fetch-transport.js';
import { openModelStream } from '../transport/open-model-stream.js';
import { requestJson } from '../transport/request-json.js';
import { sendViaClient } from '../transport/send-via-client.js';
import type { SendRequest } from '../transport/send-request.js';
import { createUndiciTransport } from '../transport/undici-transport.js';
import { withWireTarget } from '../wire-target.js';
import { createMessageStreamReader } from './message-stream-reader.js';
import { messageSchema } from './message-wire-schema.js';
import {
  ANTHROPIC_BASE_URL,
  createAnthropicClientSource,
  type AnthropicAccess,
} from './open-client.js';
import { readMessage } from './read-message.js';
import { toWireRequest } from './wire-request.js';

/** What `createAnthropic` takes. */
export interface AnthropicOptions extends AnthropicAccess, HttpAdapterOptions {
  readonly apiKey: string;
  readonly modelId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits?: Partial<LanguageModelLimits>;
}

const DEFAULT_MAX_TOKENS = 8192;
/** No answer takes longer than the limits of the call around it; the client's own limit must not come first. */
const CLIENT_TIMEOUT_MS = 2 ** 31 - 1;
/** What the official client sends; a forwarder should let its own client's choice win. */
const API_VERSION = '2026-10-21';

const tokenCountSchema = z.object({ input_tokens: z.int().min(0) });

/**
 * Creates a language model over Anthropic's Messages API with the official `@anthropic-ai/sdk`, an optional peer.
 *
 * The client writes the request; retries, time limits and the reading of the answer are this library's. Passages go as
 * document blocks, and the citations that come back name their exact place.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `baseURL` is no HTTP URL.
 * @throws {PeerMissingError} `ERR_INFERENCE_PEER_MISSING`: the client is not installed (at the first call).
 */
export function createAnthropic(options: AnthropicOptions): LanguageModel {
  const { modelId } = options;
  const url = endpointUrl(options.baseURL ?? ANTHROPIC_BASE_URL, 'v1/messages');
  const runtime = createCallRuntime({ provider: 'anthropic', modelId }, options, [options.apiKey]);
  const transport =
    options.fetch === undefined ? createUndiciTransport() : createFetchTransport(options.fetch);
  const clientWith = createAnthropicClientSource(options);
  const defaultMaxTokens = Math.min(
    options.limits?.maxOutputTokens ?? DEFAULT_MAX_TOKENS,
    DEFAULT_MAX_TOKENS,
  );

  const sendTo =
    (
      path: string,
      body: Record<string, unknown>,
      headers: LanguageModelCallOptions['headers'],
    ): SendRequest =>
    (abortSignal) =>
      sendViaClient(transport, abortSignal, async (fetchFunction) => {
        const client = await clientWith(fetchFunction);
        await client
          .post(path, {
            body,
            headers: { ...headers },
            signal: abortSignal,
            timeout: CLIENT_TIMEOUT_MS,
          })
          .asResponse();
      });

  const prepare = (call: LanguageModelCallOptions, stream: boolean) => {
    call.abortSignal?.throwIfAborted();
    const request = toWireRequest({ modelId, call, stream, defaultMaxTokens });
    return { ...request, send: sendTo('/v1/messages', request.body, call.headers) };
  };

  const model: LanguageModel = {
    specificationVersion: 'v1',
    provider: 'anthropic',
    modelId,
    limits: {
      supportsTools: true,
      supportsImages: true,
      supportsFiles: true,
      supportsJsonSchema: true,
      ...options.limits,
    },
    async doGenerate(call) {
      const { body, documents, warnings, send } = prepare(call, false);
      const message = await requestJson({
        url,
        send,
        schema: messageSchema,
        runtime,
        abortSignal: call.abortSignal,
      });
      return {
        ...readMessage(message, documents),
        warnings,
        exchange: {
          requestBody: body,
          ...(message.id ? { responseId: message.id } : {}),
          ...(message.model ? { responseModelId: message.model } : {}),
        },
      };
    },
    async doStream(call) {
      const { body, documents, warnings, send } = prepare(call, true);
      const stream = await openModelStream({
        url,
        send,
        createReader: () => createMessageStreamReader(documents, runtime.redact),
        warnings,
        runtime,
        abortSignal: call.abortSignal,
      });
      return { stream, exchange: { requestBody: body } };
    },
    async countTokens(call) {
      call.abortSignal?.throwIfAborted();
      const { body } = toWireRequest({ modelId, call, stream: false, defaultMaxTokens });
      const { max_tokens: _, ...counted } = body;
      const answer = await requestJson({
        url: `${url}/count_tokens`,
        send: sendTo('/v1/messages/count_tokens', counted, undefined),
        schema: tokenCountSchema,
        runtime,
        abortSignal: call.abortSignal,
      });
      return answer.input_tokens;
    },
  };
  return withWireTarget(model, {
    wire: 'anthropic-messages',
    url,
    headers: () => ({
      'content-type': 'application/json',
      authorization: `Bearer ${options.apiKey}`,
      'anthropic-version': API_VERSION,
      ...options.headers,
    }),
    modelId,
    timeouts: runtime.timeouts,
    maxResponseBytes: runtime.maxResponseBytes,
  });
}
