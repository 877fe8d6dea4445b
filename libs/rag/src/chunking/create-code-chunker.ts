import type { Chunker, Document } from '@espalier/core';
import { codeLanguageOf, type CodeLanguage } from '../code/code-language.js';
import { outlineCode } from '../code/outline-code.js';
import { splitIdentifiers } from '../code/split-identifiers.js';
import { createSectionCutter } from './internal/cut-sections.js';
import { packDeclarations } from './internal/pack-declarations.js';
import { createSplitter } from './internal/split-span.js';
import { toChunks, type ChunkPart } from './internal/to-chunks.js';
import { tokenLimitOf, type TokenLimit } from './token-limit.js';

const DEFAULT_MAX_TOKENS = 200;

/** What {@link createCodeChunker} takes; `maxTokens` is 200 by default. */
export interface CodeChunkerOptions extends TokenLimit {
  /**
   * Languages that are parsed with their tree-sitter grammar (`@vscode/tree-sitter-wasm`, an optional peer). Default:
   * none; the built-in outline finds classes and functions by braces or indentation.
   */
  readonly treeSitter?: readonly CodeLanguage[];
  /** Whether a chunk is indexed with its path and with the words of its compound identifiers. Default true. */
  readonly indexIdentifiers?: boolean;
}

/**
 * Creates a chunker of source code.
 *
 * The language is told by the document's media type or the ending of its name. A class or function that fits stays whole,
 * with the comments above it; small neighbours share a chunk; what is too large is cut at what is inside of it, and at
 * lines last. `headingPath` names the declarations around a chunk. `indexText` adds to the code that path and the words
 * of `camelCase` and `snake_case` identifiers. A document of no known language is cut as by the recursive chunker.
 *
 * Cost: linear. A grammar is loaded once, here.
 *
 * @throws {CodeParserMissingError} `ERR_RAG_CODE_PARSER_MISSING`: a grammar in `treeSitter` is not installed.
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `maxTokens` is not a whole number from 1.
 */
export async function createCodeChunker(options: CodeChunkerOptions): Promise<Chunker> {
  const { countTokens, tokenizerId, treeSitter = [], indexIdentifiers = true } = options;
  const maxTokens = tokenLimitOf('maxTokens', options.maxTokens ?? DEFAULT_MAX_TOKENS);
  const outline =
    treeSitter.length === 0
      ? outlineCode
      : await (await import('../code/load-tree-sitter.js')).loadTreeSitter(treeSitter);
  const cutPlain = createSectionCutter({ countTokens, maxTokens });
  const split = createSplitter({ countTokens, maxTokens });

  function* partsOf(document: Document): Generator<ChunkPart> {
    const { text } = document;
    const language = codeLanguageOf(document);
    if (language === undefined) {
      for (const { start, end, section } of cutPlain(document))
        yield { start, end, headingPath: section.headingPath };
      return;
    }
    const pieces = packDeclarations({
      text,
      declarations: outline(text, language),
      maxTokens,
      countTokens,
      split: ({ start, end }) => split({ text, atoms: [], start, end, bodyStart: start }),
    });
    for (const { start, end, path } of pieces) {
      const code = text.slice(start, end);
      yield {
        start,
        end,
        headingPath: path,
        ...(indexIdentifiers ? { indexText: indexTextOf(code, path) } : {}),
      };
    }
  }

  const kind =
    treeSitter.length === 0 ? 'built-in' : `tree-sitter(${[...treeSitter].sort().join()})`;
  return {
    specificationVersion: 'v1',
    name: 'code',
    fingerprint: `code-1:${kind}:${String(indexIdentifiers)}:${tokenizerId}:${maxTokens}`,
    chunk: (document) => toChunks(document, partsOf(document)),
  };
}

function indexTextOf(code: string, path: readonly string[]): string {
  const words = splitIdentifiers(`${path.join(' ')} ${code}`);
  return [path.join(' > '), code, words.join(' ')].filter((line) => line !== '').join('\n');
}
