import type { DocumentLoader } from '@espalier/core';
import { baseMediaType, endingOf } from './internal/media-type.js';
import { decodeText } from './internal/decode-text.js';

const ENDINGS = new Set(['txt', 'text', 'log', 'rst', 'adoc', '']);

/** Creates the loader of plain text: files ending in `.txt` and the like, and any `text/plain`. */
export function createTextLoader(): DocumentLoader {
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
      const text = decodeText({ bytes, source: name });
      return { id: name, source: name, mediaType: 'text/plain', text };
    },
  };
}
