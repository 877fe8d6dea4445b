import type { DocumentLoader } from '@espalier/core';
import { baseMediaType, endingOf } from './internal/media-type.js';
import { decodeText } from './internal/decode-text.js';

const ENDINGS = new Set(['txt', 'text', 'log', 'rst', 'adoc', '']);

/** What loaders of text formats take. */
export interface TextLoaderOptions {
  /**
   * What a document that is not valid UTF-8 is read as, with a warning on the document: a label of the Encoding
   * Standard, `windows-1252`. Default: such a document is refused.
   */
  readonly fallbackEncoding?: string;
}

/** Creates the loader of plain text: files ending in `.txt` and the like, and any `text/plain`. */
export function createTextLoader(options: TextLoaderOptions = {}): DocumentLoader {
  return {
    specificationVersion: 'v1',
    name: 'text',
    accepts({ name, mediaType }) {
      const type = baseMediaType(mediaType);
      if (type !== undefined) return type === 'text/plain';
      return ENDINGS.has(endingOf(name));
    },
    async load({ bytes, name, abortSignal }) {
      abortSignal?.throwIfAborted();
      const { text, warnings } = decodeText({ ...options, bytes, source: name });
      return {
        id: name,
        source: name,
        mediaType: 'text/plain',
        text,
        ...(warnings.length === 0 ? {} : { warnings }),
      };
    },
  };
}
