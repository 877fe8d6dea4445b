export type { AnyDatabase, Database, DatabaseDialect, MigrationSet } from './database.js';
export {
  DatabaseBusyError,
  DatabaseClosedError,
  DatabaseConstraintError,
  DatabaseCorruptError,
  DatabaseDriverMissingError,
  DatabaseFullError,
  DatabaseNestedWriteError,
  DatabaseNewerError,
  DatabaseQueryError,
  DatabaseReadOnlyError,
  DatabaseUnreachableError,
  DatabaseUnwritableError,
  DatabaseUrlError,
  MigrationChangedError,
  MigrationFailedError,
} from './errors.js';
export type { ConstraintKind } from './errors.js';
export type { Migration } from './migrations/migration.js';
export { openDatabase } from './open-database.js';
export type { OpenDatabaseOptions } from './open-database.js';
