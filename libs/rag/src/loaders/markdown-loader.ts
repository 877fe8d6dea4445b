import type { DocumentLoader } from '@espalier/core';
import { loadMarkdownParser, type ParseMarkdown } from '../markdown/parse-markdown.js';
import { decodeText } from './internal/decode-text.js';
import { baseMediaType, endingOf } from './internal/media-type.js';
import type { TextLoaderOptions } from './text-loader.js';

const ENDINGS = new Set(['md', 'markdown', 'mdx', 'mkd']);
const MEDIA_TYPES = new Set(['text/markdown', 'text/x-markdown']);

/**
 * Creates the loader of Markdown (CommonMark with tables).
 *
 * The text is the file as it is, marks and front matter included, so that line numbers hold. Headings are found for
 * the path of each chunk; code blocks, tables and HTML blocks are atoms.
 */
export function createMarkdownLoader(options: TextLoaderOptions = {}): DocumentLoader {
  // Loaded with the first document: importing the library costs less without it.
  let loading: Promise<ParseMarkdown> | undefined;
  return {
    specificationVersion: 'v1',
    name: 'markdown',
    accepts({ name, mediaType }) {
      const type = baseMediaType(mediaType);
      if (type !== undefined && type !== 'text/plain') return MEDIA_TYPES.has(type);
      return ENDINGS.has(endingOf(name));
    },
    async load({ bytes, name, abortSignal }) {
      abortSignal?.throwIfAborted();
      const { text, warnings } = decodeText({ ...options, bytes, source: name });
      const parse = await (loading ??= loadMarkdownParser());
      const { title, headings, atoms } = parse(text);
      return {
        id: name,
        source: name,
        ...(title === undefined ? {} : { title }),
        mediaType: 'text/markdown',
        text,
        headings,
        atoms,
        ...(warnings.length === 0 ? {} : { warnings }),
      };
    },
  };
}
