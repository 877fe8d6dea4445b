import type { Usage } from '../model/usage.js';
import type { Warning } from '../model/warning.js';
import type { EmbeddingModelLimits } from './embedding-model.js';

/** What an encoder knows of one text: a vector for each token, and one for each window of tokens. */
export interface TokenStates {
  /** The tokens, without those that the model adds. Shape: [tokens]. */
  readonly ids: Int32Array;
  /** One vector of length 1 for each token, row by row. Shape: [tokens × dimension]. */
  readonly vectors: Float32Array;
  /** The sentence vector of each window that the text was cut to, in order; none where the text has no token. */
  readonly windows: readonly Float32Array[];
}

/**
 * A model that maps each token of a text to a vector in the light of its neighbours, for late interaction.
 *
 * A text longer than the model reads at once is cut to windows one after another.
 */
export interface TokenEncoder {
  readonly specificationVersion: 'v1';
  readonly provider: string;
  readonly modelId: string;
  /** What tells this version of the model from others, where there are any. */
  readonly revision?: string;
  readonly dimension: number;
  readonly limits: EmbeddingModelLimits;
  doEncodeTokens(options: {
    readonly texts: readonly string[];
    readonly purpose?: 'query' | 'document';
    readonly abortSignal?: AbortSignal;
  }): Promise<{
    /** In the order of the texts. */
    readonly states: readonly TokenStates[];
    readonly usage: Usage;
    readonly warnings: readonly Warning[];
  }>;
  countTokens(text: string): number;
  dispose?(): Promise<void>;
}
