import {
  InvalidArgumentError,
  type EmbeddingModel,
  type EmbeddingModelLimits,
} from '@espalier/core';
import { ModelResponseError } from '../errors.js';
import { estimateTokens } from '../extractive/estimate-tokens.js';
import type { CallRuntime } from '../transport/call-runtime.js';
import type { HttpResponse } from '../transport/http-transport.js';
import { requestJson } from '../transport/request-json.js';
import { embeddingAnswerSchema, type EmbeddingAnswer } from './embedding-wire-schema.js';

/** What an embedding model over OpenAI's embeddings wire is made from. */
export interface WireEmbeddingOptions {
  readonly runtime: CallRuntime;
  readonly url: string;
  readonly dimension: number;
  /** Whether to ask the server for vectors of `dimension`, where it can shorten them. */
  readonly sendsDimension: boolean;
  readonly limits: EmbeddingModelLimits;
  /** Put before each text, by its purpose, as some open models were trained. */
  readonly prefixes?: { readonly query?: string; readonly document?: string };
  readonly send: (request: {
    body: Record<string, unknown>;
    abortSignal: AbortSignal;
  }) => Promise<HttpResponse>;
}

/** Creates an embedding model over OpenAI's embeddings wire, whatever carries it. Vectors are brought to length 1. */
export function createWireEmbedding(options: WireEmbeddingOptions): EmbeddingModel {
  const { runtime, dimension, limits } = options;
  return {
    specificationVersion: 'v1',
    provider: runtime.identity.provider,
    modelId: runtime.identity.modelId,
    dimension,
    limits,
    countTokens: estimateTokens,
    async doEmbed({ texts, purpose, abortSignal }) {
      abortSignal?.throwIfAborted();
      if (texts.length > limits.maxTextsPerCall) {
        throw new InvalidArgumentError({
          argument: 'texts',
          value: texts.length,
          expected: `at most ${limits.maxTextsPerCall} texts in one call`,
        });
      }
      if (texts.length === 0) return { embeddings: [], usage: {}, warnings: [] };
      const prefix = (purpose === undefined ? undefined : options.prefixes?.[purpose]) ?? '';
      // The API refuses an empty text; its vector is zero by the port's contract.
      const filled = texts.flatMap((text, index) =>
        text.trim() === '' ? [] : [{ index, text: prefix + text }],
      );
      const embeddings: Float32Array[] = texts.map(() => new Float32Array(dimension));
      if (filled.length === 0) return { embeddings, usage: {}, warnings: [] };
      const body = {
        model: runtime.identity.modelId,
        input: filled.map(({ text }) => text),
        encoding_format: 'float',
        ...(options.sendsDimension ? { dimensions: dimension } : {}),
      };
      const answer = await requestJson({
        url: options.url,
        send: (signal) => options.send({ body, abortSignal: signal }),
        schema: embeddingAnswerSchema,
        runtime,
        abortSignal,
      });
      readVectors(answer, filled.length, options).forEach((vector, position) => {
        const at = filled[position]?.index;
        if (at !== undefined) embeddings[at] = vector;
      });
      const inputTokens = answer.usage?.prompt_tokens;
      return {
        embeddings,
        usage: typeof inputTokens === 'number' ? { inputTokens } : {},
        warnings: [],
      };
    },
  };
}

function readVectors(
  answer: EmbeddingAnswer,
  count: number,
  options: WireEmbeddingOptions,
): Float32Array[] {
  const vectors: Float32Array[] = [];
  answer.data.forEach(({ index, embedding }, position) => {
    vectors[index ?? position] = normalise(
      typeof embedding === 'string' ? decodeFloats(embedding) : Float32Array.from(embedding),
    );
  });
  const wrong = Array.from({ length: count }, (_, index) => vectors[index]?.length).find(
    (length) => length !== options.dimension,
  );
  if (vectors.length !== count || wrong !== undefined) {
    throw new ModelResponseError({
      ...options.runtime.identity,
      problem: `${count} vectors of ${options.dimension} numbers were expected, but ${vectors.length} came, one of them of ${wrong ?? options.dimension}. Set "dimension" to what the model gives.`,
      received: '',
    });
  }
  return vectors;
}

function decodeFloats(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    bytes.readFloatLE(index * 4),
  );
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 || !Number.isFinite(length) ? vector : vector.map((value) => value / length);
}
