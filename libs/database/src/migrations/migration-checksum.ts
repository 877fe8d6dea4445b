import { createHash } from 'node:crypto';
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
} from 'kysely';
import type { DatabaseDialect } from '../database.js';
import type { Migration } from './migration.js';

/**
 * Resolves to a hash over the statements of a migration, without their parameters.
 *
 * It stays the same however the code is formatted, bundled or minified, and changes with the SQL.
 */
export async function migrationChecksum(
  migration: Migration,
  dialect: DatabaseDialect,
): Promise<string> {
  const hash = createHash('sha256');
  const recorder = new Kysely<unknown>({
    dialect: recordingDialect(dialect, (sql) => hash.update(`${sql}\n`)),
  });
  try {
    await migration.up(recorder, dialect);
  } catch {
    // A migration may need rows that the recorder does not have; what it asked for until then identifies it.
  }
  return hash.digest('hex').slice(0, 32);
}

function recordingDialect(dialect: DatabaseDialect, record: (sql: string) => void): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: (query) => {
      record(query.sql);
      return Promise.resolve({ rows: [] });
    },
    streamQuery: () => {
      throw new TypeError('A migration cannot stream.');
    },
  };
  const nothing = (): Promise<void> => Promise.resolve();
  const isSqlite = dialect === 'sqlite';
  return {
    createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createIntrospector: (db) =>
      isSqlite ? new SqliteIntrospector(db) : new PostgresIntrospector(db),
    createQueryCompiler: () => (isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    createDriver: () => ({
      init: nothing,
      acquireConnection: () => Promise.resolve(connection),
      beginTransaction: nothing,
      commitTransaction: nothing,
      rollbackTransaction: nothing,
      releaseConnection: nothing,
      destroy: nothing,
    }),
  };
}
