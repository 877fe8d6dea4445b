import type { EmbeddingModel } from '@espalier/core';
import { ModelResponseError } from '../errors.js';
import { estimateTokens } from '../extractive/estimate-tokens.js';
import type { AiSdkEmbeddingModel, SdkWarning } from './ai-sdk-shapes.js';
import { fromSdkWarning } from './read-sdk-answer.js';

/** What `fromAiSdkEmbedding` takes besides the model. */
export interface FromAiSdkEmbeddingOptions {
  /** The length of the model's vectors; the AI SDK does not tell. */
  readonly dimension: number;
  /** Units: tokens. Default 8191. */
  readonly maxTokensPerText?: number;
}

interface SdkEmbedResult {
  readonly embeddings: readonly (readonly number[])[];
  readonly usage?: { readonly tokens: number };
  readonly warnings?: readonly SdkWarning[];
}

/** Resolves to an embedding model over one made for the AI SDK, of interface version 2, 3 or 4, taken by its shape. */
export async function fromAiSdkEmbedding(
  model: AiSdkEmbeddingModel,
  options: FromAiSdkEmbeddingOptions,
): Promise<EmbeddingModel> {
  const [maxTextsPerCall, supportsParallelCalls] = await Promise.all([
    model.maxEmbeddingsPerCall,
    model.supportsParallelCalls,
  ]);
  return {
    specificationVersion: 'v1',
    provider: model.provider,
    modelId: model.modelId,
    dimension: options.dimension,
    limits: {
      maxTextsPerCall: Math.min(maxTextsPerCall ?? 2048, 2048),
      maxTokensPerText: options.maxTokensPerText ?? 8191,
      supportsParallelCalls,
    },
    countTokens: estimateTokens,
    async doEmbed({ texts, abortSignal }) {
      abortSignal?.throwIfAborted();
      const embeddings: Float32Array[] = texts.map(() => new Float32Array(options.dimension));
      const filled = texts.flatMap((text, index) => (text.trim() === '' ? [] : [{ text, index }]));
      if (filled.length === 0) return { embeddings, usage: {}, warnings: [] };
      const sent = {
        values: filled.map(({ text }) => text),
        ...(abortSignal === undefined ? {} : { abortSignal }),
      };
      const result = (await model.doEmbed(sent as never)) as SdkEmbedResult;
      filled.forEach(({ index }, position) => {
        const vector = result.embeddings[position];
        if (vector?.length !== options.dimension) {
          throw new ModelResponseError({
            provider: model.provider,
            modelId: model.modelId,
            problem: `a vector has ${vector?.length ?? 0} numbers, but "dimension" says ${options.dimension}.`,
            received: '',
          });
        }
        const length = Math.hypot(...vector) || 1;
        embeddings[index] = Float32Array.from(vector, (value) => value / length);
      });
      return {
        embeddings,
        usage:
          result.usage === undefined || !Number.isInteger(result.usage.tokens)
            ? {}
            : { inputTokens: result.usage.tokens },
        warnings: (result.warnings ?? []).map(fromSdkWarning),
      };
    },
  };
}
