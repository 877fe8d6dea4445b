import type { Usage } from '../model/usage.js';
import type { Warning } from '../model/warning.js';

/** What an embedding model accepts, as data. */
export interface EmbeddingModelLimits {
  /** The most texts that one call takes. */
  readonly maxTextsPerCall: number;
  /** Tokens of one text that count; what is beyond is cut. Units: tokens of {@link EmbeddingModel.countTokens}. */
  readonly maxTokensPerText: number;
  /** The most tokens that the texts of one call may have together. Absent: no such limit. */
  readonly maxTokensPerCall?: number;
  readonly supportsParallelCalls: boolean;
}

/** One call of an embedding model. */
export interface EmbedOptions {
  readonly texts: readonly string[];
  /** Whether the texts are questions or what is searched; models that know no difference ignore it. */
  readonly purpose?: 'query' | 'document';
  readonly abortSignal?: AbortSignal;
}

/** The vectors of one call. */
export interface EmbedResult {
  /** One vector for each text, in order; each of length `dimension`. */
  readonly embeddings: readonly Float32Array[];
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}

/**
 * A model that maps texts to vectors whose cosine tells how near they are in meaning.
 *
 * Shapes: `texts` [n] → `embeddings` [n][dimension] f32, of length 1 unless the text has no token (then zero).
 */
export interface EmbeddingModel {
  readonly specificationVersion: 'v1';
  readonly provider: string;
  readonly modelId: string;
  /** Another one wherever the same text would give another vector: an index and a cache belong to one revision. */
  readonly revision?: string;
  readonly dimension: number;
  readonly limits: EmbeddingModelLimits;
  doEmbed(options: EmbedOptions): Promise<EmbedResult>;
  /** The number of tokens of a text, special tokens left out; an estimate where the tokeniser is the provider's. */
  countTokens(text: string): number;
  /** Frees native memory and threads, where there are any. */
  dispose?(): Promise<void>;
}
