import type { DocumentLoader } from '@espalier/core';
import { codeLanguageOf, codeMediaType } from '../code/code-language.js';
import { decodeText } from './internal/decode-text.js';
import { baseMediaType } from './internal/media-type.js';
import type { TextLoaderOptions } from './text-loader.js';

/**
 * Creates the loader of source code in the languages that the code chunker knows: Bash, C, C++, C#, Go, Java, JavaScript,
 * Kotlin, PHP, Python, Ruby, Rust, Scala, Swift and TypeScript.
 *
 * The text is the file as it is; the media type names the language, `text/x-python`.
 */
export function createCodeLoader(options: TextLoaderOptions = {}): DocumentLoader {
  return {
    specificationVersion: 'v1',
    name: 'code',
    accepts({ name, mediaType }) {
      const type = baseMediaType(mediaType);
      const isNamed = type !== undefined && type !== 'text/plain';
      return (
        codeLanguageOf(isNamed ? { source: '', mediaType: type } : { source: name }) !== undefined
      );
    },
    async load({ bytes, name, mediaType, abortSignal }) {
      abortSignal?.throwIfAborted();
      const { text, warnings } = decodeText({ ...options, bytes, source: name });
      const language = codeLanguageOf({
        source: name,
        ...(mediaType === undefined ? {} : { mediaType }),
      });
      return {
        id: name,
        source: name,
        title: /[^/\\]+$/u.exec(name)?.[0] ?? name,
        mediaType: language === undefined ? 'text/plain' : codeMediaType(language),
        text,
        ...(warnings.length === 0 ? {} : { warnings }),
      };
    },
  };
}
