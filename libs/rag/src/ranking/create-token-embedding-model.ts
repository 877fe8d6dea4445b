import type { EmbeddingModel, TokenEncoder, TokenStates } from '@espalier/core';

/** What {@link createTokenEmbeddingModel} takes. */
export interface TokenEmbeddingModelOptions {
  readonly encoder: TokenEncoder;
  /** Tokens that one vector stands for; a longer text is embedded by its first ones. Default: what the encoder reads. */
  readonly maxTokensPerText?: number;
  /** Told the states of documents as they are embedded. */
  readonly onStates?: (
    found: readonly { readonly text: string; readonly states: TokenStates }[],
  ) => Promise<void>;
}

/**
 * Makes an embedding model of a token encoder: one run gives the vector of a text and the states of its tokens.
 *
 * The vector is that of the text's first window, which is what an embedding model over the same graph gives.
 */
export function createTokenEmbeddingModel(options: TokenEmbeddingModelOptions): EmbeddingModel {
  const { encoder, onStates } = options;
  return {
    specificationVersion: 'v1',
    provider: encoder.provider,
    modelId: encoder.modelId,
    ...(encoder.revision === undefined ? {} : { revision: encoder.revision }),
    dimension: encoder.dimension,
    limits: {
      ...encoder.limits,
      maxTokensPerText: options.maxTokensPerText ?? encoder.limits.maxTokensPerText,
    },
    async doEmbed({ texts, purpose, abortSignal }) {
      const { states, usage, warnings } = await encoder.doEncodeTokens({
        texts,
        ...(purpose === undefined ? {} : { purpose }),
        ...(abortSignal === undefined ? {} : { abortSignal }),
      });
      if (purpose !== 'query') {
        await onStates?.(
          states.map((found, index) => ({ text: texts[index] ?? '', states: found })),
        );
      }
      const embeddings = states.map(
        ({ windows }) => windows[0] ?? new Float32Array(encoder.dimension),
      );
      return { embeddings, usage, warnings };
    },
    countTokens: (text) => encoder.countTokens(text),
    ...(encoder.dispose === undefined
      ? {}
      : { dispose: () => encoder.dispose?.() ?? Promise.resolve() }),
  };
}
