import type { Migration } from '@espalier/database';

/** The server's own tables; further ones are appended, never changed. */
export const serverMigrations: readonly Migration[] = [
  {
    id: '0001-keys-runs-usage',
    async up(db) {
      await db.schema
        .createTable('api_keys')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull().unique())
        .addColumn('prefix', 'text', (column) => column.notNull())
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .addColumn('expires_at_ms', 'bigint')
        .addColumn('revoked_at_ms', 'bigint')
        .execute();
      await db.schema
        .createTable('runs')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('key_id', 'text', (column) => column.notNull())
        .addColumn('agent', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .addColumn('document', 'text', (column) => column.notNull())
        .addColumn('resume', 'text')
        .execute();
      await db.schema.createIndex('runs_by_key').on('runs').columns(['key_id', 'id']).execute();
      await db.schema.createIndex('runs_by_status').on('runs').columns(['status', 'id']).execute();
      await db.schema
        .createTable('run_events')
        .addColumn('run_id', 'text', (column) => column.notNull())
        .addColumn('id', 'integer', (column) => column.notNull())
        .addColumn('event', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('run_events_key', ['run_id', 'id'])
        .execute();
      await db.schema
        .createTable('idempotency')
        .addColumn('key_id', 'text', (column) => column.notNull())
        .addColumn('route', 'text', (column) => column.notNull())
        .addColumn('idempotency_key', 'text', (column) => column.notNull())
        .addColumn('body_hash', 'text', (column) => column.notNull())
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .addColumn('status', 'integer')
        .addColumn('answer', 'text')
        .addPrimaryKeyConstraint('idempotency_key_key', ['key_id', 'route', 'idempotency_key'])
        .execute();
      await db.schema
        .createIndex('idempotency_by_age')
        .on('idempotency')
        .column('created_at_ms')
        .execute();
      await db.schema
        .createTable('usage')
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('key_id', 'text', (column) => column.notNull())
        .addColumn('model_id', 'text', (column) => column.notNull())
        .addColumn('requests', 'bigint', (column) => column.notNull())
        .addColumn('input_tokens', 'bigint', (column) => column.notNull())
        .addColumn('output_tokens', 'bigint', (column) => column.notNull())
        .addColumn('cost_usd', 'double precision', (column) => column.notNull())
        .addPrimaryKeyConstraint('usage_key', ['day', 'key_id', 'model_id'])
        .execute();
    },
  },
  {
    id: '0002-run-ends',
    async up(db) {
      await db.schema.alterTable('runs').addColumn('finished_at_ms', 'bigint').execute();
      await db.schema.createIndex('runs_by_end').on('runs').column('finished_at_ms').execute();
    },
  },
  {
    id: '0003-scopes-of-keys',
    async up(db) {
      await db.schema.alterTable('api_keys').addColumn('tenant', 'text').execute();
      await db.schema.alterTable('api_keys').addColumn('principals', 'text').execute();
    },
  },
  {
    id: '0004-training',
    async up(db) {
      await db.schema
        .createTable('training_jobs')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('key_id', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('wanted', 'text')
        .addColumn('queue_id', 'text')
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .addColumn('document', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex('training_jobs_by_key')
        .on('training_jobs')
        .columns(['key_id', 'id'])
        .execute();
      await db.schema
        .createTable('training_events')
        .addColumn('job_id', 'text', (column) => column.notNull())
        .addColumn('id', 'integer', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('step', 'integer')
        .addColumn('at_ms', 'bigint', (column) => column.notNull())
        .addColumn('event', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('training_events_key', ['job_id', 'id'])
        .execute();
      await db.schema
        .createTable('files')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('key_id', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('purpose', 'text', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  {
    id: '0005-idempotency-leases',
    async up(db) {
      await db.schema.alterTable('idempotency').addColumn('owner', 'text').execute();
      await db.schema.alterTable('idempotency').addColumn('lease_until_ms', 'bigint').execute();
    },
  },
  {
    id: '0006-run-leases',
    async up(db) {
      await db.schema.alterTable('runs').addColumn('owner', 'text').execute();
      await db.schema.alterTable('runs').addColumn('lease_until_ms', 'bigint').execute();
    },
  },
];
