import type { Job, JobStatus, JsonValue } from '@espalier/core';
import type { Migration } from '../migrations/migration.js';

/** A row of the journal. JSON stands as text, so that both dialects keep it the same. */
export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly key: string | null;
  readonly payload: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly max_attempts: number;
  readonly progress: string;
  readonly result: string;
  readonly error: string | null;
  /** 0 or 1. */
  readonly is_cancel_requested: number;
  readonly created_at_ms: number;
  readonly run_at_ms: number;
  readonly started_at_ms: number | null;
  readonly finished_at_ms: number | null;
  /** Which queue runs it; `null` unless it is running. */
  readonly lease_owner: string | null;
  /** Until when the owner has it for itself. */
  readonly lease_until_ms: number | null;
}

/** The tables of the journal. */
export interface JobTables {
  espalier_jobs: JobRow;
}

/** The namespace under which the journal's migrations are recorded. */
export const JOB_NAMESPACE = 'espalier-jobs';

/** The history of the journal's tables. */
export const jobMigrations: readonly Migration[] = [
  {
    id: '0001-jobs',
    async up(db) {
      await db.schema
        .createTable('espalier_jobs')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('key', 'text')
        .addColumn('payload', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('max_attempts', 'integer', (column) => column.notNull())
        .addColumn('progress', 'text', (column) => column.notNull())
        .addColumn('result', 'text', (column) => column.notNull())
        .addColumn('error', 'text')
        .addColumn('is_cancel_requested', 'integer', (column) => column.notNull())
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .addColumn('run_at_ms', 'bigint', (column) => column.notNull())
        .addColumn('started_at_ms', 'bigint')
        .addColumn('finished_at_ms', 'bigint')
        .addColumn('lease_owner', 'text')
        .addColumn('lease_until_ms', 'bigint')
        .execute();
      await db.schema
        .createIndex('espalier_jobs_key')
        .on('espalier_jobs')
        .columns(['kind', 'key'])
        .unique()
        .execute();
      await db.schema
        .createIndex('espalier_jobs_due')
        .on('espalier_jobs')
        .columns(['status', 'kind', 'run_at_ms'])
        .execute();
    },
  },
];

/** The job that a row stands for. */
export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    ...(row.key === null ? {} : { key: row.key }),
    payload: JSON.parse(row.payload) as JsonValue,
    status: row.status,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    progress: JSON.parse(row.progress) as JsonValue,
    result: JSON.parse(row.result) as JsonValue,
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as NonNullable<Job['error']> }),
    isCancelRequested: row.is_cancel_requested === 1,
    createdAtMs: row.created_at_ms,
    runAtMs: row.run_at_ms,
    ...(row.started_at_ms === null ? {} : { startedAtMs: row.started_at_ms }),
    ...(row.finished_at_ms === null ? {} : { finishedAtMs: row.finished_at_ms }),
  };
}
