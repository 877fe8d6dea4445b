import { InvalidArgumentError, type Chunker, type Document } from '@espalier/core';
import { createSectionCutter } from './internal/cut-sections.js';
import { createSplitter } from './internal/split-span.js';
import { toChunks, type ChunkPart } from './internal/to-chunks.js';
import { tokenLimitOf, type TokenLimit } from './token-limit.js';

const DEFAULT_MAX_TOKENS = 100;
const DEFAULT_PARENT_TOKENS = 600;

/** What {@link createParentChildChunker} takes; `maxTokens`, the limit of a child, is 100 by default. */
export interface ParentChildChunkerOptions extends TokenLimit {
  /** The most tokens of a parent. Default 600. */
  readonly maxParentTokens?: number;
}

/**
 * Creates a chunker whose chunks are small, to be found, and name a larger parent, to be read.
 *
 * Both are cut along the structure of the document; no child crosses the border of a parent, and no parent that of a
 * section. `chunk.parent` is the parent's place.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: a limit is not a whole number from 1, or parents are
 * smaller than children.
 */
export function createParentChildChunker(options: ParentChildChunkerOptions): Chunker {
  const { countTokens, tokenizerId } = options;
  const maxTokens = tokenLimitOf('maxTokens', options.maxTokens ?? DEFAULT_MAX_TOKENS);
  const maxParentTokens = tokenLimitOf(
    'maxParentTokens',
    options.maxParentTokens ?? Math.max(DEFAULT_PARENT_TOKENS, maxTokens),
  );
  if (maxParentTokens < maxTokens) {
    throw new InvalidArgumentError({
      argument: 'maxParentTokens',
      value: maxParentTokens,
      expected: `at least the limit of a child (${maxTokens})`,
    });
  }
  const cutParents = createSectionCutter({ countTokens, maxTokens: maxParentTokens });
  const split = createSplitter({ countTokens, maxTokens });

  function* partsOf(document: Document): Generator<ChunkPart> {
    const { text, atoms = [] } = document;
    for (const parent of cutParents(document)) {
      const { start, end, section } = parent;
      const bodyStart = Math.min(end, Math.max(start, section.bodyStart));
      for (const child of split({ text, atoms, start, end, bodyStart }))
        yield { ...child, headingPath: section.headingPath, parent: { start, end } };
    }
  }

  return {
    specificationVersion: 'v1',
    name: 'parent-child',
    fingerprint: `parent-child-1:${tokenizerId}:${maxTokens}:${maxParentTokens}`,
    chunk: (document) => toChunks(document, partsOf(document)),
  };
}
