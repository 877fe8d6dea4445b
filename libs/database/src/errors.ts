import { EspalierError, truncateValue } from '@espalier/core';

/** What the errors of a running database have in common. */
interface DatabaseErrorOptions {
  /** The database's own words. */
  readonly problem: string;
  readonly cause?: unknown;
}

/** Another connection holds a lock, or two transactions collided; the same call may succeed later. */
export class DatabaseBusyError extends EspalierError {
  static override readonly errorName = 'DatabaseBusyError';
  constructor(options: DatabaseErrorOptions) {
    super({
      code: 'ERR_DATABASE_BUSY',
      message: `The database is busy: ${options.problem}. Try again; if it lasts, look for another process that holds it.`,
      cause: options.cause,
      isRetryable: true,
    });
  }
}

/** There is no room left for the write. */
export class DatabaseFullError extends EspalierError {
  static override readonly errorName = 'DatabaseFullError';
  constructor(options: DatabaseErrorOptions) {
    super({
      code: 'ERR_DATABASE_FULL',
      message: `The database cannot grow: ${options.problem}. Free disk space; nothing of this write was kept.`,
      cause: options.cause,
    });
  }
}

/** The file is damaged, or is not a database at all. */
export class DatabaseCorruptError extends EspalierError {
  static override readonly errorName = 'DatabaseCorruptError';
  constructor(options: DatabaseErrorOptions) {
    super({
      code: 'ERR_DATABASE_CORRUPT',
      message: `The database is damaged or is no database: ${options.problem}. Check the path, or restore it from a backup.`,
      cause: options.cause,
    });
  }
}

/** The database cannot be opened or written: permissions, a missing folder, a read-only disk, an I/O fault. */
export class DatabaseUnwritableError extends EspalierError {
  static override readonly errorName = 'DatabaseUnwritableError';
  constructor(options: DatabaseErrorOptions) {
    super({
      code: 'ERR_DATABASE_UNWRITABLE',
      message: `The database cannot be opened or written: ${options.problem}. Check that the folder exists and that this user may write there.`,
      cause: options.cause,
    });
  }
}

/** The server does not answer or refuses the connection. */
export class DatabaseUnreachableError extends EspalierError {
  static override readonly errorName = 'DatabaseUnreachableError';
  constructor(options: DatabaseErrorOptions & { isRetryable: boolean }) {
    super({
      code: 'ERR_DATABASE_UNREACHABLE',
      message: `The database server cannot be reached: ${options.problem}. Check the address, the credentials and that it runs.`,
      cause: options.cause,
      isRetryable: options.isRetryable,
    });
  }
}

/** Which rule of the schema a write broke. */
export type ConstraintKind = 'unique' | 'foreign-key' | 'not-null' | 'check' | 'other';

/** A write broke a rule of the schema; nothing of its transaction was kept. */
export class DatabaseConstraintError extends EspalierError {
  static override readonly errorName = 'DatabaseConstraintError';
  readonly kind: ConstraintKind;
  constructor(options: DatabaseErrorOptions & { kind: ConstraintKind }) {
    super({
      code: 'ERR_DATABASE_CONSTRAINT',
      message: `A write breaks a ${options.kind} rule: ${options.problem}. Correct the values, or handle the conflict in the query.`,
      cause: options.cause,
      details: { kind: options.kind },
    });
    this.kind = options.kind;
  }
}

/** The database refuses a statement. */
export class DatabaseQueryError extends EspalierError {
  static override readonly errorName = 'DatabaseQueryError';
  constructor(options: DatabaseErrorOptions & { sql?: string | undefined }) {
    const where =
      options.sql === undefined ? '' : ` Statement: ${truncateValue(options.sql, 200)}.`;
    super({
      code: 'ERR_DATABASE_QUERY',
      message: `The database refuses a statement: ${options.problem}.${where} Correct the query or its parameters.`,
      cause: options.cause,
    });
  }
}

/** The database was closed, or its connection ended for good. */
export class DatabaseClosedError extends EspalierError {
  static override readonly errorName = 'DatabaseClosedError';
  constructor(options: { cause?: unknown } = {}) {
    super({
      code: 'ERR_DATABASE_CLOSED',
      message: 'The database is closed. Open it again to go on.',
      cause: options.cause,
    });
  }
}

/** Something tried to write through `read`, or to open a transaction on it. */
export class DatabaseReadOnlyError extends EspalierError {
  static override readonly errorName = 'DatabaseReadOnlyError';
  constructor(options: { operation: string; cause?: unknown }) {
    super({
      code: 'ERR_DATABASE_READ_ONLY',
      message: `${options.operation} went to the reading side of the database. Use database.write(…) for it.`,
      cause: options.cause,
    });
  }
}

/** `write` was called inside the work of another `write` of the same database, which would wait for itself. */
export class DatabaseNestedWriteError extends EspalierError {
  static override readonly errorName = 'DatabaseNestedWriteError';
  constructor() {
    super({
      code: 'ERR_DATABASE_NESTED_WRITE',
      message:
        'database.write(…) was called inside another write and would wait for itself. Use the transaction that the work was given.',
    });
  }
}

/** The address names no database that can be opened. */
export class DatabaseUrlError extends EspalierError {
  static override readonly errorName = 'DatabaseUrlError';
  constructor(options: { scheme: string }) {
    super({
      code: 'ERR_DATABASE_URL',
      message: `A database address cannot begin with ${truncateValue(options.scheme)}. Use "sqlite:path/to/file.db", "sqlite::memory:" or "postgres://…".`,
    });
  }
}

/** An optional package that this database needs is not installed. */
export class DatabaseDriverMissingError extends EspalierError {
  static override readonly errorName = 'DatabaseDriverMissingError';
  constructor(options: { packageName: string; cause: unknown }) {
    super({
      code: 'ERR_DATABASE_DRIVER_MISSING',
      message: `PostgreSQL needs the package "${options.packageName}", which is not installed. Run: npm install ${options.packageName}`,
      cause: options.cause,
      details: { packageName: options.packageName },
    });
  }
}

/** A migration that the database has applied reads otherwise now. */
export class MigrationChangedError extends EspalierError {
  static override readonly errorName = 'MigrationChangedError';
  constructor(options: { namespace: string; id: string; problem: string }) {
    super({
      code: 'ERR_DATABASE_MIGRATION_CHANGED',
      message: `Migration "${options.id}" of "${options.namespace}" was applied to this database, but ${options.problem}. Leave applied migrations as they are and add a new one.`,
      details: options,
    });
  }
}

/** A migration could not be applied; the database is as it was before it. */
export class MigrationFailedError extends EspalierError {
  static override readonly errorName = 'MigrationFailedError';
  constructor(options: { namespace: string; id: string; cause: unknown }) {
    const problem = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super({
      code: 'ERR_DATABASE_MIGRATION_FAILED',
      message: `Migration "${options.id}" of "${options.namespace}" failed and was taken back: ${problem}`,
      cause: options.cause,
      details: { namespace: options.namespace, id: options.id },
    });
  }
}

/** A newer version of the software has migrated the database further than this one knows. */
export class DatabaseNewerError extends EspalierError {
  static override readonly errorName = 'DatabaseNewerError';
  constructor(options: { namespace: string; id: string }) {
    super({
      code: 'ERR_DATABASE_NEWER',
      message: `The database has migration "${options.id}" of "${options.namespace}", which this version does not know. Run the version that wrote it, or a later one.`,
      details: options,
    });
  }
}
