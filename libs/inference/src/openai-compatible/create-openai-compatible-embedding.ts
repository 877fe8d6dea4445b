import {
  InvalidArgumentError,
  type EmbeddingModel,
  type EmbeddingModelLimits,
} from '@espalier/core';
import {
  createWireEmbedding,
  type WireEmbeddingOptions,
} from '../embedding/create-wire-embedding.js';
import { createCallRuntime, type HttpAdapterOptions } from '../transport/call-runtime.js';
import { createFetchTransport } from '../transport/fetch-transport.js';
import { serializeBody } from '../transport/serialize-body.js';
import { createUndiciTransport } from '../transport/undici-transport.js';
import { endpointUrl } from './endpoint-url.js';

/** What `createOpenAICompatibleEmbedding` takes. */
export interface OpenAICompatibleEmbeddingOptions extends HttpAdapterOptions {
  /** The provider's name in telemetry and errors. */
  readonly id: string;
  /** Up to and with the version: `http://127.0.0.1:8000/v1`. */
  readonly baseURL: string;
  readonly apiKey?: string;
  readonly model: string;
  /** The length of the model's vectors. */
  readonly dimension: number;
  readonly limits?: Partial<EmbeddingModelLimits>;
  /** Put before each text, by its purpose, as some open models were trained: `query: `, `passage: `. */
  readonly prefixes?: NonNullable<WireEmbeddingOptions['prefixes']>;
}

/**
 * Creates an embedding model at any URL that speaks OpenAI's embeddings API.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `baseURL` is no HTTP URL, or `dimension` no length.
 */
export function createOpenAICompatibleEmbedding(
  options: OpenAICompatibleEmbeddingOptions,
): EmbeddingModel {
  if (!Number.isInteger(options.dimension) || options.dimension < 1) {
    throw new InvalidArgumentError({
      argument: 'dimension',
      value: options.dimension,
      expected: "the length of the model's vectors",
    });
  }
  const url = endpointUrl(options.baseURL, 'embeddings');
  const transport =
    options.fetch === undefined ? createUndiciTransport() : createFetchTransport(options.fetch);
  return createWireEmbedding({
    runtime: createCallRuntime({ provider: options.id, modelId: options.model }, options, [
      options.apiKey,
    ]),
    url,
    dimension: options.dimension,
    sendsDimension: false,
    limits: {
      maxTextsPerCall: 96,
      maxTokensPerText: 512,
      supportsParallelCalls: true,
      ...options.limits,
    },
    ...(options.prefixes === undefined ? {} : { prefixes: options.prefixes }),
    send: ({ body, abortSignal }) =>
      transport({
        url,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
          ...options.headers,
        },
        body: serializeBody(body),
        abortSignal,
      }),
  });
}
