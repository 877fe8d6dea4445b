import type { EmbeddingModel } from '@espalier/core';
import { VectorInvalidError } from '../../errors.js';

/** Calls in flight at once where the model allows it. */
const CONCURRENCY = 2;
const MAX_TEXTS_PER_CALL = 256;

/**
 * Resolves to one vector for each text, in order, in as many calls as the limits of the model ask for.
 *
 * Equal texts are embedded once.
 *
 * @throws {VectorInvalidError} `ERR_RAG_VECTOR_INVALID`: the model gave vectors of another number or length.
 */
export async function embedTexts(options: {
  model: EmbeddingModel;
  texts: readonly string[];
  abortSignal?: AbortSignal | undefined;
}): Promise<readonly Float32Array[]> {
  const { model, abortSignal } = options;
  const unique = [...new Set(options.texts)];
  const size = Math.max(1, Math.min(model.limits.maxTextsPerCall, MAX_TEXTS_PER_CALL));
  const calls: string[][] = [];
  for (let start = 0; start < unique.length; start += size)
    calls.push(unique.slice(start, start + size));
  const vectors = new Map<string, Float32Array>();

  const work = async (queue: Iterator<string[]>): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      const texts = next.value;
      abortSignal?.throwIfAborted();
      const signal = abortSignal === undefined ? {} : { abortSignal };
      const { embeddings } = await model.doEmbed({ texts, purpose: 'document', ...signal });
      for (const [index, text] of texts.entries()) {
        vectors.set(text, checked(model, embeddings[index]));
      }
    }
  };
  const queue = calls.values();
  const workers = model.limits.supportsParallelCalls ? Math.min(CONCURRENCY, calls.length) : 1;
  await Promise.all(Array.from({ length: workers }, () => work(queue)));
  return options.texts.map((text) => checked(model, vectors.get(text)));
}

function checked(model: EmbeddingModel, vector: Float32Array | undefined): Float32Array {
  if (vector?.length === model.dimension && vector.every((value) => Number.isFinite(value)))
    return vector;
  throw new VectorInvalidError({
    index: model.modelId,
    problem:
      vector === undefined
        ? 'the embedding model gave fewer vectors than texts'
        : `the embedding model gave ${vector.length} values, not all of them finite or not ${model.dimension}`,
  });
}
