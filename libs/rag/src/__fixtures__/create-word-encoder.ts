import type { TokenEncoder } from '@espalier/core';

/** The length of its vectors. */
export const WORD_DIMENSION = 32;
const WORDS = ['cat', 'dog', 'fish', 'bird', 'wing', 'tail', 'paw', 'song'];

/** One axis for each word; the sentence vector is their mean. */
export function createWordEncoder(): TokenEncoder & { encoded: string[] } {
  const encoded: string[] = [];
  return {
    encoded,
    specificationVersion: 'v1',
    provider: 'test',
    modelId: 'words',
    dimension: WORD_DIMENSION,
    limits: { maxTextsPerCall: 2, maxTokensPerText: 100, supportsParallelCalls: true },
    doEncodeTokens({ texts }) {
      encoded.push(...texts);
      const states = texts.map((text) => {
        const ids = Int32Array.from(
          text
            .split(/\W+/u)
            .map((word) => WORDS.indexOf(word.toLowerCase()))
            .filter((id) => id >= 0),
        );
        const vectors = new Float32Array(ids.length * WORD_DIMENSION);
        const sum = new Float32Array(WORD_DIMENSION);
        ids.forEach((id, token) => {
          vectors[token * WORD_DIMENSION + id] = 1;
          sum[id] = (sum[id] ?? 0) + 1;
        });
        return { ids, vectors, windows: ids.length === 0 ? [] : [sum] };
      });
      return Promise.resolve({ states, usage: { inputTokens: 0 }, warnings: [] });
    },
    countTokens: (text) => text.split(/\W+/u).length,
  };
}
