import type { Chunker, Document } from '@espalier/core';
import { codeLanguageOf } from '../code/code-language.js';
import { createCodeChunker } from './create-code-chunker.js';
import { createMarkdownChunker } from './create-markdown-chunker.js';
import { createRecursiveChunker } from './create-recursive-chunker.js';
import type { TokenLimit } from './token-limit.js';

const MARKDOWN = new Set(['text/markdown', 'text/x-markdown']);

/**
 * Creates a chunker that cuts each document as its format asks for: code by its declarations, Markdown by its headings
 * and tables, everything else by its structure.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `maxTokens` is not a whole number from 1.
 */
export async function createMediaTypeChunker(options: TokenLimit): Promise<Chunker> {
  const code = await createCodeChunker(options);
  const markdown = await createMarkdownChunker(options);
  const other = createRecursiveChunker(options);
  const chunkerOf = (document: Document): Chunker => {
    if (codeLanguageOf(document) !== undefined) return code;
    return MARKDOWN.has(document.mediaType.split(';', 1)[0]?.trim() ?? '') ? markdown : other;
  };
  return {
    specificationVersion: 'v1',
    name: 'media-type',
    fingerprint: [code, markdown, other].map(({ fingerprint }) => fingerprint).join('|'),
    chunk: (document) => chunkerOf(document).chunk(document),
  };
}
