import {
  createSystemClock,
  createSystemRandom,
  type Clock,
  type EmbeddingModel,
  type Random,
} from '@espalier/core';
import { VectorInvalidError } from '../errors.js';
import { embeddingIdentity } from './embedding-identity.js';
import type { EmbeddingCache } from './embedding-cache.js';
import { hashText } from './hash-text.js';
import { planCalls } from './internal/plan-calls.js';
import { createRetryBudget, type EmbeddingRetryOptions } from './retry-budget.js';

/** What {@link createEmbeddingPipeline} takes. */
export interface EmbeddingPipelineOptions {
  readonly model: EmbeddingModel;
  readonly cache?: EmbeddingCache;
  readonly retry?: EmbeddingRetryOptions;
  /** Calls in flight at once, where the model allows more than one. Default 2. */
  readonly concurrency?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Embeds any number of texts through one model. */
export interface EmbeddingPipeline {
  readonly model: EmbeddingModel;
  /** The model with its revision: what an index and a cache record. */
  readonly embedding: string;
  /**
   * Resolves to one vector for each text, in order; equal texts and texts that the cache knows are embedded once.
   *
   * What was embedded before a failure or an abort stays in the cache.
   *
   * @throws {VectorInvalidError} `ERR_RAG_VECTOR_INVALID`: the model gave another number of vectors than texts, one of
   * another length, or a value that is not finite.
   */
  embed(options: {
    readonly texts: readonly string[];
    /** Told after each call how many of the texts have their vector. */
    readonly onProgress?: (done: number) => void;
    readonly abortSignal?: AbortSignal | undefined;
  }): Promise<readonly Float32Array[]>;
  /** The vector of a question; retried, never cached. */
  embedQuery(options: {
    readonly query: string;
    readonly abortSignal?: AbortSignal | undefined;
  }): Promise<Float32Array>;
  /** The vectors of questions, in order; retried, never cached. */
  embedQueries(options: {
    readonly queries: readonly string[];
    readonly abortSignal?: AbortSignal | undefined;
  }): Promise<readonly Float32Array[]>;
  /** Removes texts from the cache; resolves to how many vectors there were. */
  forget(textHashes: readonly string[]): Promise<number>;
}

/**
 * Creates a pipeline that keeps the model's limits, repeats what may succeed later, and asks the cache first.
 *
 * Only errors that say so (`isRetryable`) are repeated, after a growing pause with jitter, within a budget that all
 * calls of one `embed` share: a provider that is down is not asked a thousand times.
 */
export function createEmbeddingPipeline(options: EmbeddingPipelineOptions): EmbeddingPipeline {
  const { model, cache, retry } = options;
  const clock = options.clock ?? createSystemClock();
  const random = options.random ?? createSystemRandom();
  const concurrency = Math.max(1, options.concurrency ?? 2);
  const embedding = embeddingIdentity(model);
  const newBudget = () => createRetryBudget({ retry, clock, random });

  const call = async (
    texts: readonly string[],
    purpose: 'query' | 'document',
    abortSignal: AbortSignal | undefined,
  ): Promise<readonly Float32Array[]> => {
    const signal = abortSignal === undefined ? {} : { abortSignal };
    const { embeddings } = await model.doEmbed({ texts, purpose, ...signal });
    if (embeddings.length !== texts.length) {
      const problem = `the embedding model gave ${embeddings.length} vectors for ${texts.length} texts`;
      throw new VectorInvalidError({ index: embedding, problem });
    }
    for (const vector of embeddings) assertUsable(embedding, model.dimension, vector);
    return embeddings;
  };

  const embedQueries: EmbeddingPipeline['embedQueries'] = async ({ queries, abortSignal }) => {
    const budget = newBudget();
    const found: Float32Array[] = [];
    for (const texts of planCalls(model, queries))
      found.push(...(await budget.run(() => call(texts, 'query', abortSignal), abortSignal)));
    return found;
  };

  return {
    model,
    embedding,
    embedQueries,
    async embed({ texts, onProgress, abortSignal }) {
      abortSignal?.throwIfAborted();
      const unique = [...new Set(texts)];
      const vectors = new Map<string, Float32Array>();
      const hashes = new Map<string, string>();
      if (cache !== undefined && unique.length > 0) {
        for (const text of unique) hashes.set(text, hashText(text));
        const known = await cache.get({ embedding, textHashes: [...hashes.values()] });
        for (const [text, hash] of hashes) {
          const vector = known.get(hash);
          if (vector?.length === model.dimension) vectors.set(text, vector);
        }
      }
      const missing = unique.filter((text) => !vectors.has(text));
      const calls = planCalls(model, missing);
      const budget = newBudget();
      const failing = new AbortController();
      const signals = abortSignal === undefined ? [] : [abortSignal];
      // One failure ends the other calls, too: their vectors would be thrown away.
      const either = AbortSignal.any([...signals, failing.signal]);

      const work = async (queue: Iterator<string[]>): Promise<void> => {
        for (let next = queue.next(); next.done !== true; next = queue.next()) {
          either.throwIfAborted();
          const asked = next.value;
          const found = await budget.run(() => call(asked, 'document', either), either);
          const entries = asked.map((text, index) => {
            const vector = found[index] as Float32Array;
            vectors.set(text, vector);
            return { textHash: hashes.get(text) ?? '', vector };
          });
          await cache?.set({ embedding, entries });
          onProgress?.(vectors.size);
        }
      };
      const queue = calls.values();
      const workers = model.limits.supportsParallelCalls ? Math.min(concurrency, calls.length) : 1;
      const ends = await Promise.allSettled(
        Array.from({ length: workers }, () =>
          work(queue).catch((error: unknown) => {
            if (!failing.signal.aborted) failing.abort(error);
            throw error;
          }),
        ),
      );
      abortSignal?.throwIfAborted();
      if (ends.some(({ status }) => status === 'rejected')) throw failing.signal.reason as Error;
      return texts.map((text) => vectors.get(text) as Float32Array);
    },
    async embedQuery({ query, abortSignal }) {
      const found = await embedQueries({ queries: [query], abortSignal });
      return found[0] as Float32Array;
    },
    forget: async (textHashes) => (await cache?.forget(textHashes)) ?? 0,
  };
}

function assertUsable(embedding: string, dimension: number, vector: Float32Array): void {
  if (vector.length !== dimension) {
    const problem = `the embedding model gave ${vector.length} values instead of ${dimension}`;
    throw new VectorInvalidError({ index: embedding, problem });
  }
  const position = vector.findIndex((value) => !Number.isFinite(value));
  if (position < 0) return;
  const problem = `the embedding model gave ${vector[position]} as value ${position}`;
  throw new VectorInvalidError({ index: embedding, problem });
}
