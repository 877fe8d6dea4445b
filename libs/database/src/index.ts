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
export { JobCancelledError, JobInterruptedError, JobLostError } from './jobs/job-errors.js';
export { createLeaseOwner, isLeaseOwnerDead } from './jobs/lease-owner.js';
export { createSqliteJobQueue } from './jobs/sqlite-job-queue.js';
export type { SqliteJobQueueOptions } from './jobs/sqlite-job-queue.js';
export type {
  EnqueueOptions,
  Job,
  JobContext,
  JobPage,
  JobQueue,
  JobStatus,
  StopWorking,
  WorkOptions,
} from '@espalier/core';
export type { Migration } from './migrations/migration.js';
export { openDatabase } from './open-database.js';
export type { OpenDatabaseOptions } from './open-database.js';
