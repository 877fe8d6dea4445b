import {
  InvalidArgumentError,
  type Chunk,
  type Chunker,
  type ModelChunker,
  type TokenEncoder,
} from '@espalier/core';
import { createAnswerTally } from '../internal/ask-for-json.js';
import { planStretches, type Stretch } from './internal/plan-stretches.js';

/** What one reading of the shipped encoder takes, special tokens left out. */
const DEFAULT_WINDOW_TOKENS = 254;
const DEFAULT_CONTEXT_TOKENS = 64;

/** What {@link createLateChunker} takes. */
export interface LateChunkerOptions {
  /** Tells where to cut; its limit should be well below `windowTokens`. */
  readonly chunker: Chunker;
  readonly tokenEncoder: TokenEncoder;
  /** What the encoder reads in one window. Default 254, or what the encoder's limits say if that is less. */
  readonly windowTokens?: number;
  /** How much of a window may be what is before its first chunk, read for context only. Default 64. */
  readonly contextTokens?: number;
}

/**
 * Creates a chunker that embeds chunks after reading what is around them: the states of the tokens of as much of the
 * document as the encoder reads at once, averaged over each chunk.
 *
 * A pronoun or a "this city" has the meaning that its context gives it. The chunks are those of `chunker`; `embeddings`
 * holds their vectors, in the space of the same model's sentence vectors, so that questions are embedded as ever.
 *
 * Cost: one reading of the document, and again of what is read as context.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `contextTokens` is not a whole number from 0 below the window.
 * @see Günther et al., "Late Chunking: Contextual Chunk Embeddings Using Long-Context Embedding Models" (2024) — here
 * the states are of length 1 each before they are averaged, and windows overlap.
 */
export function createLateChunker(options: LateChunkerOptions): ModelChunker {
  const { chunker, tokenEncoder: encoder } = options;
  const windowTokens = Math.min(
    options.windowTokens ?? DEFAULT_WINDOW_TOKENS,
    encoder.limits.maxTokensPerText,
  );
  const contextTokens =
    options.contextTokens ?? Math.min(DEFAULT_CONTEXT_TOKENS, windowTokens >> 2);
  if (!Number.isInteger(contextTokens) || contextTokens < 0 || contextTokens >= windowTokens) {
    throw new InvalidArgumentError({
      argument: 'contextTokens',
      value: contextTokens,
      expected: `a whole number from 0, below the window of ${windowTokens}`,
    });
  }
  const { dimension } = encoder;

  return {
    specificationVersion: 'v1',
    name: `late(${chunker.name})`,
    fingerprint: `late-1:${encoder.provider}/${encoder.modelId}:${windowTokens}:${contextTokens}:${chunker.fingerprint}`,
    async doChunk({ document, abortSignal }) {
      const chunks = chunker.chunk(document);
      const counts = chunks.map(({ text }) => encoder.countTokens(text));
      const stretches = planStretches({ counts, windowTokens, contextTokens });
      const embeddings: Float32Array[] = [];
      const tally = createAnswerTally();
      const size = Math.max(1, encoder.limits.maxTextsPerCall);
      for (let from = 0; from < stretches.length; from += size) {
        abortSignal?.throwIfAborted();
        const batch = stretches.slice(from, from + size);
        const answer = await encoder.doEncodeTokens({
          texts: batch.map(({ first, last }) =>
            document.text.slice(chunks[first]?.span.start, chunks[last]?.span.end).toWellFormed(),
          ),
          purpose: 'document',
          ...(abortSignal === undefined ? {} : { abortSignal }),
        });
        tally.add(answer);
        for (const [index, stretch] of batch.entries()) {
          const vectors = answer.states[index]?.vectors ?? new Float32Array(0);
          embeddings.push(...pool({ stretch, counts, vectors, dimension, chunks }));
        }
      }
      return { chunks, embeddings, usage: tally.usage, warnings: tally.warnings };
    },
  };
}

/** The mean of the states of each chunk that a stretch is read for, of length 1. */
function pool(options: {
  stretch: Stretch;
  counts: readonly number[];
  vectors: Float32Array;
  dimension: number;
  chunks: readonly Chunk[];
}): Float32Array[] {
  const { stretch, counts, vectors, dimension } = options;
  const total = vectors.length / dimension;
  let planned = 0;
  for (let chunk = stretch.first; chunk <= stretch.last; chunk += 1) planned += counts[chunk] ?? 0;
  // Where a tokeniser joins across chunks the counts do not add up to what was read; then shares of it are close enough.
  const scale = planned === 0 ? 0 : Math.min(1, total / planned);
  const pooled: Float32Array[] = [];
  let before = 0;
  for (let chunk = stretch.first; chunk <= stretch.last; chunk += 1) {
    const from = Math.round(before * scale);
    before += counts[chunk] ?? 0;
    const until = Math.max(from, Math.min(total, Math.round(before * scale)));
    if (chunk >= stretch.own) pooled.push(meanOf(vectors, from, until, dimension));
  }
  return pooled;
}

function meanOf(
  vectors: Float32Array,
  from: number,
  until: number,
  dimension: number,
): Float32Array {
  const mean = new Float32Array(dimension);
  for (let at = from * dimension; at < until * dimension; at += 1)
    mean[at % dimension] = (mean[at % dimension] ?? 0) + (vectors[at] ?? 0);
  const norm = Math.hypot(...mean);
  return norm === 0 ? mean : mean.map((value) => value / norm);
}
