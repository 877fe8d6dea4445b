import { EspalierError, truncateValue } from '@espalier/core';

/** A document holds no text. */
export class DocumentEmptyError extends EspalierError {
  static override readonly errorName = 'DocumentEmptyError';

  constructor(options: { source: string }) {
    super({
      code: 'ERR_RAG_DOCUMENT_EMPTY',
      message: `The document ${truncateValue(options.source)} holds no text. Leave it out, or check that it was read whole.`,
      details: options,
    });
  }
}

/** No loader reads the format, or the bytes are not text. */
export class MediaTypeUnsupportedError extends EspalierError {
  static override readonly errorName = 'MediaTypeUnsupportedError';

  constructor(options: { source: string; mediaType?: string | undefined; problem: string }) {
    super({
      code: 'ERR_RAG_MEDIA_TYPE_UNSUPPORTED',
      message: `The document ${truncateValue(options.source)} cannot be read: ${options.problem}. Give it as text or Markdown, or add a loader for its format.`,
      details: { source: options.source, mediaType: options.mediaType },
    });
  }
}

/** The bytes of a text document are not valid UTF-8 (or UTF-16 with a byte order mark). */
export class DocumentEncodingError extends EspalierError {
  static override readonly errorName = 'DocumentEncodingError';

  constructor(options: { source: string; encoding: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_DOCUMENT_ENCODING',
      message: `The document ${truncateValue(options.source)} is not valid ${options.encoding}. Save it as UTF-8 and try again.`,
      cause: options.cause,
      details: { source: options.source },
    });
  }
}

/** A document is not written in the format that its name or media type says. */
export class DocumentFormatError extends EspalierError {
  static override readonly errorName = 'DocumentFormatError';

  constructor(options: { source: string; format: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_DOCUMENT_FORMAT',
      message: `The document ${truncateValue(options.source)} cannot be read as ${options.format}: ${options.problem}. Correct it, or give it as plain text.`,
      cause: options.cause,
      details: { source: options.source, format: options.format },
    });
  }
}

/** The name of a document could lead out of its folder, or cannot be shown. */
export class DocumentNameError extends EspalierError {
  static override readonly errorName = 'DocumentNameError';

  constructor(options: { source: unknown; problem: string }) {
    super({
      code: 'ERR_RAG_DOCUMENT_NAME',
      message: `The document name ${truncateValue(options.source)} is refused: ${options.problem}. Use a relative path such as "guides/start.md" or a URI.`,
      details: { problem: options.problem },
    });
  }
}

/** The knowledge base holds no document with this id. */
export class DocumentUnknownError extends EspalierError {
  static override readonly errorName = 'DocumentUnknownError';

  constructor(options: { knowledgeBase: string; id: string }) {
    super({
      code: 'ERR_RAG_DOCUMENT_UNKNOWN',
      message: `The knowledge base "${options.knowledgeBase}" holds no document ${truncateValue(options.id)}. List its documents to see their ids.`,
      details: options,
    });
  }
}

/** There is no knowledge base of this name. */
export class KnowledgeBaseUnknownError extends EspalierError {
  static override readonly errorName = 'KnowledgeBaseUnknownError';

  constructor(options: { name: string; known: readonly string[] }) {
    const known =
      options.known.length === 0 ? 'none' : options.known.map((name) => `"${name}"`).join(', ');
    super({
      code: 'ERR_RAG_KNOWLEDGE_BASE_UNKNOWN',
      message: `There is no knowledge base ${truncateValue(options.name)}. Known: ${known}. Create it first, or use one of those.`,
      details: { name: options.name },
    });
  }
}

/** A knowledge base of this name exists already. */
export class KnowledgeBaseExistsError extends EspalierError {
  static override readonly errorName = 'KnowledgeBaseExistsError';

  constructor(options: { name: string }) {
    super({
      code: 'ERR_RAG_KNOWLEDGE_BASE_EXISTS',
      message: `A knowledge base "${options.name}" exists already. Use it, drop it first, or choose another name.`,
      details: options,
    });
  }
}

/** The name of a knowledge base or index does not fit the pattern. */
export class KnowledgeBaseNameError extends EspalierError {
  static override readonly errorName = 'KnowledgeBaseNameError';

  constructor(options: { name: unknown }) {
    super({
      code: 'ERR_RAG_KNOWLEDGE_BASE_NAME',
      message: `The name ${truncateValue(options.name)} is refused. Use 1 to 64 lower-case letters, digits, "-", "_" and ".", starting with a letter or digit.`,
    });
  }
}

/** An index was made with another embedding model or dimension. */
export class IndexMismatchError extends EspalierError {
  static override readonly errorName = 'IndexMismatchError';

  constructor(options: {
    index: string;
    found: { embedding: string; dimension: number };
    wanted: { embedding: string; dimension: number };
  }) {
    const { found, wanted } = options;
    super({
      code: 'ERR_RAG_INDEX_MISMATCH',
      message: `The index "${options.index}" was made by "${found.embedding}" (${found.dimension} dimensions), but "${wanted.embedding}" (${wanted.dimension} dimensions) is configured. To re-index it, which needs no sources, run \`knowledgeBases.reindex({ name })\` or \`espalier kb reindex NAME\`; or configure the first model again.`,
      details: options,
    });
  }
}

/** A vector is of the wrong length or holds a value that is not finite. */
export class VectorInvalidError extends EspalierError {
  static override readonly errorName = 'VectorInvalidError';

  constructor(options: { index: string; id?: string; problem: string }) {
    super({
      code: 'ERR_RAG_VECTOR_INVALID',
      message: `A vector${options.id === undefined ? '' : ` of ${truncateValue(options.id)}`} does not fit the index "${options.index}": ${options.problem}. Embed the text again with the model of the index.`,
      details: options,
    });
  }
}

/** A filter is not one that this store can apply. */
export class FilterInvalidError extends EspalierError {
  static override readonly errorName = 'FilterInvalidError';

  constructor(options: { problem: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_FILTER_INVALID',
      message: `The filter is not valid: ${options.problem}. Use the operators eq, ne, lt, lte, gt, gte, in, nin, exists, and, or, not.`,
      cause: options.cause,
    });
  }
}

/** The driver package of a store is not installed or does not load here. */
export class StoreDriverMissingError extends EspalierError {
  static override readonly errorName = 'StoreDriverMissingError';

  constructor(options: { packages: readonly string[]; cause?: unknown }) {
    super({
      code: 'ERR_RAG_STORE_DRIVER_MISSING',
      message: `The store needs ${options.packages.map((name) => `"${name}"`).join(' and ')}, not installed or not loadable here. Run \`npm install ${options.packages.join(' ')}\`, or use createMemoryStore from "@espalier/rag/memory".`,
      cause: options.cause,
    });
  }
}

/** A store failed while it read or wrote. */
export class StoreError extends EspalierError {
  static override readonly errorName = 'StoreError';

  constructor(options: { store: string; operation: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_STORE_FAILED',
      message: `The store "${options.store}" failed to ${options.operation}: ${truncateValue(options.problem, 300)}. Nothing of this call is kept; check disk space and access, then try again.`,
      cause: options.cause,
      isRetryable: true,
      details: { store: options.store, operation: options.operation },
    });
  }
}

/** The store or the knowledge bases were closed before the call. */
export class StoreClosedError extends EspalierError {
  static override readonly errorName = 'StoreClosedError';

  constructor(options: { store: string }) {
    super({
      code: 'ERR_RAG_STORE_CLOSED',
      message: `The store "${options.store}" is closed. Open it again.`,
      details: options,
    });
  }
}

/** A file or folder to ingest cannot be read. */
export class SourceFileError extends EspalierError {
  static override readonly errorName = 'SourceFileError';

  constructor(options: { path: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_SOURCE_FILE',
      message: `The path ${truncateValue(options.path, 200)} cannot be read: ${options.problem}. Check the path and its permissions.`,
      cause: options.cause,
      details: { path: options.path },
    });
  }
}

/** Records bring more different metadata fields than a store can keep apart. */
export class StoreFieldLimitError extends EspalierError {
  static override readonly errorName = 'StoreFieldLimitError';

  constructor(options: { index: string; max: number }) {
    super({
      code: 'ERR_RAG_STORE_FIELD_LIMIT',
      message: `The index "${options.index}" would have more than ${options.max} metadata fields. Use fewer field names, and put what is not filtered on into a nested object.`,
      details: options,
    });
  }
}

/** The name of a tenant does not fit the pattern. */
export class TenantNameError extends EspalierError {
  static override readonly errorName = 'TenantNameError';

  constructor(options: { tenant: unknown }) {
    super({
      code: 'ERR_RAG_TENANT_NAME',
      message: `The tenant ${truncateValue(options.tenant)} is refused. Use 1 to 64 lower-case letters, digits, "-", "_" and ".", starting with a letter or digit.`,
    });
  }
}

/** A filter names a field that no document has. */
export class FilterFieldUnknownError extends EspalierError {
  static override readonly errorName = 'FilterFieldUnknownError';

  constructor(options: { field: string; known: readonly string[] }) {
    super({
      code: 'ERR_RAG_FILTER_FIELD_INVALID',
      message: `No document has the field ${truncateValue(options.field)} of the filter. Known: ${options.known.slice(0, 20).join(', ')}. Correct its name; ask with "exists" where it may be missing everywhere.`,
      details: { field: options.field },
    });
  }
}

/** A snapshot cannot be restored. */
export class SnapshotInvalidError extends EspalierError {
  static override readonly errorName = 'SnapshotInvalidError';

  constructor(options: { path: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_SNAPSHOT_INVALID',
      message: `The snapshot ${truncateValue(options.path, 200)} cannot be restored: ${options.problem}. Nothing was made of it; take another copy of it, or an older one.`,
      cause: options.cause,
      details: { problem: options.problem },
    });
  }
}

/** The package that holds the grammars of programming languages is not there, or lacks one. */
export class CodeParserMissingError extends EspalierError {
  static override readonly errorName = 'CodeParserMissingError';

  constructor(options: { problem: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_CODE_PARSER_MISSING',
      message: `Code cannot be parsed with "@vscode/tree-sitter-wasm": ${options.problem}. Run "npm install @vscode/tree-sitter-wasm", or leave out the option "treeSitter" to use the built-in outline.`,
      cause: options.cause,
    });
  }
}
