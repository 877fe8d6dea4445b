import type { Chunker, Document } from '@espalier/core';
import { createSectionCutter } from './internal/cut-sections.js';
import { toChunks, type ChunkPart } from './internal/to-chunks.js';
import { tokenLimitOf, type TokenLimit } from './token-limit.js';

const DEFAULT_MAX_TOKENS = 200;

/** What {@link createRecursiveChunker} takes; `maxTokens` is 200 by default. */
export type RecursiveChunkerOptions = TokenLimit;

/**
 * Creates a chunker that cuts along the structure of a document: headings, then paragraphs, lines, sentences, words.
 *
 * Pieces of one section are joined while they fit, to chunks of about equal size. A code block or table stays whole
 * where it fits. Chunks do not overlap; together they hold all text that is not white space, in order.
 *
 * Cost: linear; each word is counted about once.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `maxTokens` is not a whole number from 1.
 */
export function createRecursiveChunker(options: RecursiveChunkerOptions): Chunker {
  const maxTokens = tokenLimitOf('maxTokens', options.maxTokens ?? DEFAULT_MAX_TOKENS);
  const cut = createSectionCutter({ countTokens: options.countTokens, maxTokens });
  return {
    specificationVersion: 'v1',
    name: 'recursive',
    fingerprint: `recursive-1:${options.tokenizerId}:${maxTokens}`,
    chunk: (document) => toChunks(document, partsOf(document, cut)),
  };
}

function* partsOf(
  document: Document,
  cut: ReturnType<typeof createSectionCutter>,
): Generator<ChunkPart> {
  for (const { start, end, section } of cut(document))
    yield { start, end, headingPath: section.headingPath };
}
