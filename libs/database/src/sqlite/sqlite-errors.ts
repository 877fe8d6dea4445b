import type { EspalierError } from '@espalier/core';
import {
  DatabaseBusyError,
  DatabaseConstraintError,
  DatabaseCorruptError,
  DatabaseFullError,
  DatabaseQueryError,
  DatabaseReadOnlyError,
  DatabaseUnwritableError,
  type ConstraintKind,
} from '../errors.js';

/** What is known of a fault of `node:sqlite`, in a form that crosses threads. */
export interface SqliteFault {
  readonly message: string;
  /** Extended result code of SQLite; absent for faults of the driver, such as a parameter of a wrong type. */
  readonly errcode: number | undefined;
}

/** Reads a caught value. */
export function toSqliteFault(error: unknown): SqliteFault {
  if (!(error instanceof Error)) return { message: String(error), errcode: undefined };
  const { errcode } = error as Error & { errcode?: unknown };
  return { message: error.message, errcode: typeof errcode === 'number' ? errcode : undefined };
}

/**
 * Returns the typed error for a fault.
 *
 * @see https://www.sqlite.org/rescode.html — the low byte of an extended code is its primary code.
 */
export function fromSqliteFault(
  fault: SqliteFault,
  context: { sql?: string; path?: string; isReader?: boolean; cause?: unknown },
): EspalierError {
  const problem = context.path === undefined ? fault.message : `${fault.message} (${context.path})`;
  const options = { problem, cause: context.cause };
  switch ((fault.errcode ?? 1) & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new DatabaseBusyError(options);
    case 13: // SQLITE_FULL
      return new DatabaseFullError(options);
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return new DatabaseCorruptError(options);
    case 8: // SQLITE_READONLY
      return context.isReader === true
        ? new DatabaseReadOnlyError({
            operation: 'A raw statement that writes',
            cause: context.cause,
          })
        : new DatabaseUnwritableError(options);
    case 3: // SQLITE_PERM
    case 10: // SQLITE_IOERR
    case 14: // SQLITE_CANTOPEN
    case 23: // SQLITE_AUTH
      return new DatabaseUnwritableError(options);
    case 19: // SQLITE_CONSTRAINT
      return new DatabaseConstraintError({ ...options, kind: constraintKind(fault.errcode ?? 0) });
    default:
      return new DatabaseQueryError({ ...options, sql: context.sql });
  }
}

function constraintKind(errcode: number): ConstraintKind {
  switch (errcode >> 8) {
    case 1:
      return 'check';
    case 3:
      return 'foreign-key';
    case 5:
      return 'not-null';
    case 6: // primary key
    case 8: // unique
    case 10: // rowid
      return 'unique';
    default:
      return 'other';
  }
}
