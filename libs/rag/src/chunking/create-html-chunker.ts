import type { Chunker, Document, Span } from '@espalier/core';
import { loadHtmlParser, type ParsedHtml } from '../html/parse-html.js';
import { createSectionCutter } from './internal/cut-sections.js';
import { toChunks, type ChunkPart } from './internal/to-chunks.js';
import { tokenLimitOf, type TokenLimit } from './token-limit.js';

const DEFAULT_MAX_TOKENS = 200;
const MEDIA_TYPES = new Set(['text/html', 'application/xhtml+xml']);

/** What {@link createHtmlChunker} takes; `maxTokens`, counted in the visible text, is 200 by default. */
export interface HtmlChunkerOptions extends TokenLimit {
  /** Whether what is in `nav`, `footer` and `aside` elements is cut too. Default true. */
  readonly keepBoilerplate?: boolean;
}

/**
 * Creates a chunker for documents whose text is the source of an HTML page.
 *
 * Each chunk stands in the source: `text` is markup and words as they are there, `indexText` the words that a reader
 * sees. Headings (`h1`–`h6`) give the heading path; tables and `pre` stay whole where they fit. Together the chunks hold
 * all visible text; scripts, styles and hidden elements between them belong to none. A document of another media type is
 * cut as by the recursive chunker. To index pages as plain text instead, use the HTML loader.
 *
 * Cost: linear, whatever the nesting. parse5 is loaded with the call.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `maxTokens` is not a whole number from 1.
 */
export async function createHtmlChunker(options: HtmlChunkerOptions): Promise<Chunker> {
  const { countTokens, tokenizerId, keepBoilerplate = true } = options;
  const maxTokens = tokenLimitOf('maxTokens', options.maxTokens ?? DEFAULT_MAX_TOKENS);
  const parse = await loadHtmlParser();
  const cut = createSectionCutter({ countTokens, maxTokens });

  function* partsOf(document: Document): Generator<ChunkPart> {
    const isHtml = MEDIA_TYPES.has(document.mediaType.split(';', 1)[0]?.trim() ?? '');
    if (!isHtml) {
      for (const piece of cut(document)) yield { ...piece, ...headed(piece) };
      return;
    }
    const parsed = parse(document.text, { keepBoilerplate });
    const { text, headings, atoms } = parsed;
    let last: Span = { start: -1, end: -1 };
    for (const piece of cut({ ...document, text, headings, atoms })) {
      const span = sourceSpan(parsed, piece);
      if (span === undefined || span.start <= last.start || span.end <= last.end) continue;
      yield { ...span, ...headed(piece), indexText: text.slice(piece.start, piece.end) };
      last = span;
    }
  }

  return {
    specificationVersion: 'v1',
    name: 'html',
    fingerprint: `html-1:${tokenizerId}:${maxTokens}:${String(keepBoilerplate)}`,
    chunk: (document) => toChunks(document, partsOf(document)),
  };
}

function headed(piece: { section: { headingPath: readonly string[] } }): {
  headingPath: readonly string[];
} {
  return { headingPath: piece.section.headingPath };
}

/** Where a piece of the visible text stands in the source; undefined where none of it does. */
function sourceSpan({ starts, ends }: ParsedHtml, piece: Span): Span | undefined {
  let first = piece.start;
  let last = piece.end - 1;
  // What was put in (the mark of a list item) has no extent.
  while (first < last && starts[first] === ends[first]) first += 1;
  while (last > first && starts[last] === ends[last]) last -= 1;
  const start = starts[first] ?? 0;
  const end = ends[last] ?? 0;
  return start < end ? { start, end } : undefined;
}
