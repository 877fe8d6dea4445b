import { hash } from 'node:crypto';
import type { Chunk, Document, Span } from '@espalier/core';
import { createLineIndex } from './line-index.js';

const ID_DIGITS = 32;

/** What a chunk is made of. */
export interface ChunkPart extends Span {
  readonly headingPath: readonly string[];
  readonly indexText?: string;
  readonly parent?: Span;
}

/** Makes the chunks of a document from their places, in order. */
export function toChunks(document: Document, parts: Iterable<ChunkPart>): Chunk[] {
  const lineAt = createLineIndex(document.text);
  const chunks: Chunk[] = [];
  for (const { start, end, headingPath, indexText, parent } of parts) {
    const position = chunks.length;
    const text = document.text.slice(start, end);
    chunks.push({
      // The id names document, place and words, so that cutting the same text again gives the same ids.
      id: hash('sha256', JSON.stringify([document.id, position, text])).slice(0, ID_DIGITS),
      documentId: document.id,
      position,
      text,
      span: { start, end },
      lines: { start: lineAt(start), end: lineAt(end - 1) },
      headingPath,
      ...(indexText === undefined || indexText === text ? {} : { indexText }),
      ...(parent === undefined ? {} : { parent: { start: parent.start, end: parent.end } }),
    });
  }
  return chunks;
}
