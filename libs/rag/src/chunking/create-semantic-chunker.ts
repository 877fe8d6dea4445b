import {
  InvalidArgumentError,
  type Document,
  type EmbeddingModel,
  type ModelChunker,
} from '@espalier/core';
import { createEmbeddingPipeline } from '../embedding/create-embedding-pipeline.js';
import { embeddingIdentity } from '../embedding/embedding-identity.js';
import { cutSentences, type Sentence } from './internal/cut-sentences.js';
import { createSplitter } from './internal/split-span.js';
import { toChunks, type ChunkPart } from './internal/to-chunks.js';
import { tokenLimitOf } from './token-limit.js';

const DEFAULT_MAX_TOKENS = 200;
const DEFAULT_BREAK_SHARE = 0.15;
const DEFAULT_WINDOW = 1;

/** What {@link createSemanticChunker} takes. */
export interface SemanticChunkerOptions {
  /** Tells how near sentences are; its tokens are the limit's. */
  readonly embeddingModel: EmbeddingModel;
  /** The most tokens of one chunk. Default 200, or what the model reads. */
  readonly maxTokens?: number;
  /** The share of the places between sentences that are breaks, the farthest apart first, 0 to 1. Default 0.15. */
  readonly breakShare?: number;
  /** Sentences before and after that are embedded with each one. Default 1. */
  readonly window?: number;
}

/**
 * Creates a chunker that cuts between sentences whose meanings are far apart, and nowhere within a sentence that fits.
 *
 * The embeddings of neighbouring sentences (each with those around it) are compared; the places farthest apart are
 * breaks. What is still too large is cut at the farthest place inside of it. No chunk crosses a heading.
 *
 * Cost: one embedding for each sentence.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: a number is out of range.
 */
export function createSemanticChunker(options: SemanticChunkerOptions): ModelChunker {
  const { embeddingModel: model } = options;
  const { breakShare = DEFAULT_BREAK_SHARE, window = DEFAULT_WINDOW } = options;
  const room = Math.max(1, Math.min(DEFAULT_MAX_TOKENS, model.limits.maxTokensPerText));
  const maxTokens = tokenLimitOf('maxTokens', options.maxTokens ?? room);
  assertIn('breakShare', breakShare, breakShare >= 0 && breakShare <= 1, 'from 0 to 1');
  assertIn('window', window, Number.isInteger(window) && window >= 0, 'a whole number from 0');
  const countTokens = (text: string): number => model.countTokens(text);
  const split = createSplitter({ countTokens, maxTokens });
  const pipeline = createEmbeddingPipeline({ model });

  const partsOf = (document: Document, gaps: Gaps): ChunkPart[] => {
    const { text } = document;
    return runsOf(gaps, { countTokens, maxTokens, text }).flatMap(({ start, end, section }) =>
      // A single sentence may be too large.
      split({ text, atoms: [], start, end, bodyStart: start }).map((piece) => ({
        start: piece.start,
        end: piece.end,
        headingPath: section.headingPath,
      })),
    );
  };

  return {
    specificationVersion: 'v1',
    name: 'semantic',
    fingerprint: `semantic-1:${embeddingIdentity(model)}:${maxTokens}:${breakShare}:${window}`,
    async doChunk({ document, abortSignal }) {
      const { text } = document;
      const sentences = [...cutSentences(document)];
      const windows = sentences.map(({ section }, index) => {
        const around = sentences
          .slice(Math.max(0, index - window), index + window + 1)
          .filter((other) => other.section === section);
        return text.slice(around[0]?.start, around.at(-1)?.end).toWellFormed();
      });
      const vectors = await pipeline.embed({ texts: windows, abortSignal });
      const distances = vectors.map((vector, index) =>
        index === 0 ? 0 : 1 - dot(vectors[index - 1] ?? vector, vector),
      );
      const gaps = { sentences, distances, threshold: thresholdOf(distances, breakShare) };
      const inputTokens = windows.reduce((sum, words) => sum + countTokens(words), 0);
      return {
        chunks: toChunks(document, partsOf(document, gaps)),
        usage: { inputTokens },
        warnings: [],
      };
    },
  };
}

interface Gaps {
  readonly sentences: readonly Sentence[];
  /** How far each sentence is from the one before. Shape: [sentences] */
  readonly distances: readonly number[];
  readonly threshold: number;
}

/** The sentences joined to runs that fit, cut at every break and wherever else it takes. */
function runsOf(
  { sentences, distances, threshold }: Gaps,
  limit: { countTokens: (text: string) => number; maxTokens: number; text: string },
): Sentence[] {
  const runs: Sentence[] = [];
  let first = 0;
  let tokens = 0;
  const counts = sentences.map(({ start, end }) => limit.countTokens(limit.text.slice(start, end)));
  const close = (until: number): void => {
    const from = sentences[first];
    const last = sentences[until - 1];
    if (from !== undefined && last !== undefined && until > first)
      runs.push({ ...from, end: last.end });
    first = until;
  };
  for (const [index, sentence] of sentences.entries()) {
    const before = sentences[index - 1];
    const isBreak =
      before !== undefined &&
      (sentence.section !== before.section || (distances[index] ?? 0) >= threshold);
    if (isBreak) {
      close(index);
      tokens = 0;
    }
    tokens += counts[index] ?? 0;
    while (tokens > limit.maxTokens && first < index) {
      const cut = farthest(distances, first + 1, index);
      for (let at = first; at < cut; at += 1) tokens -= counts[at] ?? 0;
      close(cut);
    }
  }
  close(sentences.length);
  return runs;
}

function farthest(distances: readonly number[], from: number, until: number): number {
  let best = until;
  for (let at = from; at <= until; at += 1)
    if ((distances[at] ?? 0) > (distances[best] ?? 0)) best = at;
  return best;
}

/** The distance from which so large a share of places is a break. */
function thresholdOf(distances: readonly number[], share: number): number {
  const sorted = distances.slice(1).sort((a, b) => b - a);
  const count = Math.floor(sorted.length * share);
  return count === 0 ? Infinity : (sorted[count - 1] ?? Infinity);
}

function dot(first: Float32Array, second: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < first.length; i += 1) sum += (first[i] ?? 0) * (second[i] ?? 0);
  return sum;
}

function assertIn(argument: string, value: number, isIn: boolean, expected: string): void {
  if (!isIn) throw new InvalidArgumentError({ argument, value, expected });
}
