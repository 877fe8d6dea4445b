import { EspalierError, truncateValue } from '@espalier/core';

/** A filter names a field that the index was not opened to filter on. */
export class FilterFieldUndeclaredError extends EspalierError {
  static override readonly errorName = 'FilterFieldUndeclaredError';

  constructor(options: { index: string; field: string; known: readonly string[] }) {
    const known =
      options.known.length === 0 ? 'none' : options.known.map((field) => `"${field}"`).join(', ');
    super({
      code: 'ERR_RAG_FILTER_FIELD_UNDECLARED',
      message: `The index "${options.index}" cannot be filtered on ${truncateValue(options.field)}. Fields: ${truncateValue(known, 300)}. Use one of these, or add it to \`filterableFields\` where the index is opened.`,
      details: options,
    });
  }
}

/** The name of a namespace cannot be used. */
export class NamespaceNameError extends EspalierError {
  static override readonly errorName = 'NamespaceNameError';

  constructor(options: { namespace: unknown; maxBytes: number }) {
    super({
      code: 'ERR_RAG_NAMESPACE_NAME',
      message: `The namespace ${truncateValue(options.namespace)} is refused. Use a well-formed text of 1 to ${options.maxBytes} bytes of UTF-8; longer keys can be hashed.`,
      details: { maxBytes: options.maxBytes },
    });
  }
}

/** A snapshot is cut off, holds other bytes than were written, or is of another index. */
export class IndexSnapshotInvalidError extends EspalierError {
  static override readonly errorName = 'IndexSnapshotInvalidError';

  constructor(options: { index: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_INDEX_SNAPSHOT_INVALID',
      message: `The snapshot cannot be restored into the index "${options.index}": ${options.problem}. Nothing was changed; take another snapshot, or copy this one again.`,
      cause: options.cause,
      details: { index: options.index, problem: options.problem },
    });
  }
}

/** After a migration the target does not hold what the source does. */
export class MigrationIncompleteError extends EspalierError {
  static override readonly errorName = 'MigrationIncompleteError';

  constructor(options: { index: string; expected: number; found: number }) {
    super({
      code: 'ERR_RAG_MIGRATION_INCOMPLETE',
      message: `The index "${options.index}" has ${options.found} records in the target instead of ${options.expected}. Stop writing to both stores and migrate again: what is there already is skipped.`,
      details: options,
      isRetryable: true,
    });
  }
}

/** A record is larger than its store takes. */
export class RecordTooLargeError extends EspalierError {
  static override readonly errorName = 'RecordTooLargeError';

  constructor(options: { store: string; index: string; id: string; problem: string }) {
    super({
      code: 'ERR_RAG_RECORD_TOO_LARGE',
      message: `The record ${truncateValue(options.id)} of the index "${options.index}" is too large for the store "${options.store}": ${options.problem}. Nothing of this call is kept; cut the text into smaller chunks, shorten the id, or choose another store.`,
      details: { store: options.store, index: options.index },
    });
  }
}
