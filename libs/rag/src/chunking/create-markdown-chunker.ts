import type { Chunker, Document, Span } from '@espalier/core';
import { loadMarkdownParser, type MarkdownTable } from '../markdown/parse-markdown.js';
import { createSectionCutter } from './internal/cut-sections.js';
import { toChunks, type ChunkPart } from './internal/to-chunks.js';
import { tokenLimitOf, type TokenLimit } from './token-limit.js';

const DEFAULT_MAX_TOKENS = 200;

/** What {@link createMarkdownChunker} takes; `maxTokens` is 200 by default. */
export type MarkdownChunkerOptions = TokenLimit;

/**
 * Creates a chunker of Markdown (CommonMark with tables), whatever loader read the document.
 *
 * Headings, code blocks and tables are found in the text itself. A table that is too large for one chunk is cut between
 * its rows, and each further part is indexed with the line that names the columns. Otherwise it cuts as the recursive
 * chunker does. markdown-it is loaded with the call.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `maxTokens` is not a whole number from 1.
 */
export async function createMarkdownChunker(options: MarkdownChunkerOptions): Promise<Chunker> {
  const { countTokens, tokenizerId } = options;
  const maxTokens = tokenLimitOf('maxTokens', options.maxTokens ?? DEFAULT_MAX_TOKENS);
  const parse = await loadMarkdownParser();
  const cut = createSectionCutter({ countTokens, maxTokens });

  function* partsOf(document: Document): Generator<ChunkPart> {
    const { text } = document;
    const { headings, atoms, tables } = parse(text);
    let next = 0;
    for (const { start, end, section } of cut({ ...document, headings, atoms })) {
      while ((tables[next]?.end ?? Infinity) <= start) next += 1;
      const head = headAbove(tables[next], { start, end });
      yield {
        start,
        end,
        headingPath: section.headingPath,
        ...(head === undefined
          ? {}
          : { indexText: `${text.slice(head.start, head.end)}\n${text.slice(start, end)}` }),
      };
    }
  }

  return {
    specificationVersion: 'v1',
    name: 'markdown',
    fingerprint: `markdown-1:${tokenizerId}:${maxTokens}`,
    chunk: (document) => toChunks(document, partsOf(document)),
  };
}

/** The head of the table that a piece continues; undefined where it holds the head itself. */
function headAbove(table: MarkdownTable | undefined, piece: Span): Span | undefined {
  if (table === undefined || piece.start < table.head.end || piece.start >= table.end)
    return undefined;
  return table.head;
}
