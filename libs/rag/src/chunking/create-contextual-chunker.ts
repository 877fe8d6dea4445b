import type { Chunk, Chunker, Document } from '@espalier/core';
import { cutAtSentences, trimSpan } from './internal/cut-places.js';

/** What {@link createContextualChunker} takes. */
export interface ContextualChunkerOptions {
  /** Cuts the document; its chunks are given a context. */
  readonly chunker: Chunker;
  /** Whether the document's title is part of the context. Default true. */
  readonly title?: boolean;
  /** Whether the headings above the chunk are. Default true. */
  readonly headings?: boolean;
  /** Whether the last sentence of the chunk before is. Default false. */
  readonly previousSentence?: boolean;
}

/** A longer sentence is no sentence but a table or a line of data. */
const MAX_SENTENCE_CHARACTERS = 300;

/**
 * Creates a chunker that puts the context of each chunk in front of what is indexed: title, headings, and where asked
 * the sentence before. No model is asked.
 *
 * `text` stays the document's own words; the context is in `indexText`. Measure before use: on documentation questions
 * headings in front cost .05 nDCG, on code they gained up to .05.
 */
export function createContextualChunker(options: ContextualChunkerOptions): Chunker {
  const { chunker, title = true, headings = true, previousSentence = false } = options;
  return {
    specificationVersion: 'v1',
    name: `contextual(${chunker.name})`,
    fingerprint: `contextual-1:${[title, headings, previousSentence].map(Number).join('')}:${chunker.fingerprint}`,
    chunk(document) {
      const chunks = chunker.chunk(document);
      return chunks.map((chunk, position) => {
        const lines = [
          pathOf(document, chunk, { title, headings }),
          previousSentence ? lastSentence(document, chunks[position - 1]) : '',
          chunk.indexText ?? chunk.text,
        ];
        const indexText = lines.filter((line) => line !== '').join('\n');
        return indexText === chunk.text ? chunk : { ...chunk, indexText };
      });
    },
  };
}

/** Title and headings, without those that the chunk begins with anyway and without one twice. */
function pathOf(
  document: Document,
  chunk: Chunk,
  wanted: { title: boolean; headings: boolean },
): string {
  const names = [
    ...(wanted.title && document.title !== undefined ? [document.title] : []),
    ...(wanted.headings ? chunk.headingPath : []),
  ];
  const own = chunk.text.slice(0, MAX_SENTENCE_CHARACTERS);
  return names
    .filter((name, index) => names.indexOf(name) === index && !own.includes(name))
    .join(' > ');
}

function lastSentence(document: Document, chunk: Chunk | undefined): string {
  const last = chunk && cutAtSentences(document.text, chunk.span).at(-1);
  const span = last && trimSpan(document.text, last);
  if (span === undefined || span.end - span.start > MAX_SENTENCE_CHARACTERS) return '';
  return document.text.slice(span.start, span.end).replaceAll(/\s+/gu, ' ');
}
