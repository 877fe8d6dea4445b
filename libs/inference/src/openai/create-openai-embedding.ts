import { InvalidArgumentError, type EmbeddingModel } from '@espalier/core';
import { createWireEmbedding } from '../embedding/create-wire-embedding.js';
import { endpointUrl } from '../openai-compatible/endpoint-url.js';
import { createCallRuntime, type HttpAdapterOptions } from '../transport/call-runtime.js';
import { createFetchTransport } from '../transport/fetch-transport.js';
import { sendViaClient } from '../transport/send-via-client.js';
import { createUndiciTransport } from '../transport/undici-transport.js';
import { createOpenAIClientSource, OPENAI_BASE_URL, type OpenAIAccess } from './open-client.js';

/** What `createOpenAIEmbedding` takes. */
export interface OpenAIEmbeddingOptions extends OpenAIAccess, HttpAdapterOptions {
  readonly apiKey: string;
  readonly modelId: string;
  /** Shortens the vectors of models that can; must be given for a model that is not known here. */
  readonly dimension?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};

/**
 * Creates an embedding model over OpenAI's embeddings API with the official `openai` client, an optional peer.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: the model is not known and `dimension` is missing.
 * @throws {PeerMissingError} `ERR_INFERENCE_PEER_MISSING`: `openai` is not installed (at the first call).
 */
export function createOpenAIEmbedding(options: OpenAIEmbeddingOptions): EmbeddingModel {
  const known = DIMENSIONS[options.modelId];
  const dimension = options.dimension ?? known;
  if (dimension === undefined) {
    throw new InvalidArgumentError({
      argument: 'dimension',
      value: undefined,
      expected: `the length of the vectors of ${options.modelId}`,
    });
  }
  const url = endpointUrl(options.baseURL ?? OPENAI_BASE_URL, 'embeddings');
  const transport =
    options.fetch === undefined ? createUndiciTransport() : createFetchTransport(options.fetch);
  const clientWith = createOpenAIClientSource(options);
  return createWireEmbedding({
    runtime: createCallRuntime({ provider: 'openai', modelId: options.modelId }, options, [
      options.apiKey,
    ]),
    url,
    dimension,
    sendsDimension: options.dimension !== undefined && options.dimension !== known,
    limits: { maxTextsPerCall: 2048, maxTokensPerText: 8191, supportsParallelCalls: true },
    send: ({ body, abortSignal }) =>
      sendViaClient(transport, abortSignal, async (fetchFunction) => {
        const client = await clientWith(fetchFunction);
        await client.post('/embeddings', { body, signal: abortSignal }).asResponse();
      }),
  });
}
