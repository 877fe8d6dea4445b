import {
  createSeededRandom,
  throwIfAborted,
  type EmbeddingModel,
  type EmbedOptions,
} from '@espalier/core';

/** A mock embedding model with what it was asked. */
export interface MockEmbeddingModel extends EmbeddingModel {
  /** The options of every call, oldest first. */
  readonly calls: readonly EmbedOptions[];
}

/**
 * Creates an embedding model without weights: a text's vector is the normalised sum of one pseudo-random direction
 * for each of its words.
 *
 * Deterministic on every machine. Texts that share words are near each other, texts that share none are nearly
 * orthogonal, a text without words is the zero vector; meaning plays no part.
 */
export function createMockEmbeddingModel(
  options: {
    dimension?: number;
    modelId?: string;
    maxTextsPerCall?: number;
    error?: (call: EmbedOptions) => Error | undefined;
  } = {},
): MockEmbeddingModel {
  const dimension = options.dimension ?? 64;
  const calls: EmbedOptions[] = [];
  return {
    specificationVersion: 'v1',
    provider: 'mock',
    modelId: options.modelId ?? `mock-embedding-${dimension}`,
    dimension,
    limits: {
      maxTextsPerCall: options.maxTextsPerCall ?? 64,
      maxTokensPerText: Number.MAX_SAFE_INTEGER,
      supportsParallelCalls: true,
    },
    calls,
    async doEmbed(call) {
      throwIfAborted(call.abortSignal);
      calls.push(call);
      const error = options.error?.(call);
      if (error !== undefined) throw error;
      return {
        embeddings: call.texts.map((text) => embed(text, dimension)),
        usage: { inputTokens: call.texts.reduce((sum, text) => sum + wordsOf(text).length, 0) },
        warnings: [],
      };
    },
    countTokens: (text) => wordsOf(text).length,
  };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function embed(text: string, dimension: number): Float32Array {
  const sum = new Float64Array(dimension);
  for (const word of wordsOf(text)) {
    const random = createSeededRandom(fnv1a(word));
    for (let axis = 0; axis < dimension; axis++)
      sum[axis] = (sum[axis] ?? 0) + random.next() * 2 - 1;
  }
  const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  return Float32Array.from(sum, (value) => (norm === 0 ? 0 : value / norm));
}

/** FNV-1a over UTF-16 code units. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index++) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
