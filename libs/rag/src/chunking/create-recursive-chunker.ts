import { hash } from 'node:crypto';
import {
  InvalidArgumentError,
  type Chunk,
  type Chunker,
  type Document,
  type Span,
} from '@espalier/core';
import { createLineIndex } from './internal/line-index.js';
import { createSectionScanner } from './internal/sections.js';
import { createSplitter } from './internal/split-span.js';

const DEFAULT_MAX_TOKENS = 200;
const ID_DIGITS = 32;

/** What {@link createRecursiveChunker} takes. */
export interface RecursiveChunkerOptions {
  /** The embedding model's own count, special tokens left out. */
  readonly countTokens: (text: string) => number;
  /** Names what `countTokens` counts; part of the fingerprint. */
  readonly tokenizerId: string;
  /** The most tokens of one chunk. Default 200. */
  readonly maxTokens?: number;
}

/**
 * Creates a chunker that cuts along the structure of a document: headings, then paragraphs, lines, sentences, words.
 *
 * Pieces of one section are joined while they fit, to chunks of about equal size. A code block or table stays whole
 * where it fits. Chunks do not overlap; together they hold all text that is not white space, in order.
 */
export function createRecursiveChunker(options: RecursiveChunkerOptions): Chunker {
  const maxTokens = options.maxTokens ?? DEFAULT_MAX_TOKENS;
  if (!Number.isInteger(maxTokens) || maxTokens < 1) {
    throw new InvalidArgumentError({
      argument: 'maxTokens',
      value: maxTokens,
      expected: 'a whole number from 1',
    });
  }
  const split = createSplitter({ countTokens: options.countTokens, maxTokens });
  return {
    specificationVersion: 'v1',
    name: 'recursive',
    fingerprint: `recursive-1:${options.tokenizerId}:${maxTokens}`,
    chunk(document) {
      const lineAt = createLineIndex(document.text);
      const chunks: Chunk[] = [];
      for (const section of createSectionScanner(document)) {
        for (const { start, end } of split({
          ...section,
          text: document.text,
          atoms: document.atoms ?? [],
        })) {
          chunks.push(
            toChunk({
              document,
              span: { start, end },
              position: chunks.length,
              headingPath: section.headingPath,
              lineAt,
            }),
          );
        }
      }
      return chunks;
    },
  };
}

function toChunk(parts: {
  document: Document;
  span: Span;
  position: number;
  headingPath: readonly string[];
  lineAt: (offset: number) => number;
}): Chunk {
  const { document, span, position, headingPath, lineAt } = parts;
  const text = document.text.slice(span.start, span.end);
  // The id names document, place and words, so that cutting the same text again gives the same ids.
  const id = hash('sha256', JSON.stringify([document.id, position, text])).slice(0, ID_DIGITS);
  return {
    id,
    documentId: document.id,
    position,
    text,
    span,
    lines: { start: lineAt(span.start), end: lineAt(span.end - 1) },
    headingPath,
  };
}
