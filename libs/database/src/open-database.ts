import { createSilentLogger, createSystemClock, type Clock, type Logger } from '@espalier/core';
import type { Dialect } from 'kysely';
import type { Database, MigrationSet } from './database.js';
import { DatabaseClosedError, DatabaseUrlError } from './errors.js';
import type { OpenedDatabase } from './internal/opened-database.js';
import { createWriteScope } from './internal/write-scope.js';
import type { Migration } from './migrations/migration.js';
import { runMigrations } from './migrations/run-migrations.js';
import { openPostgres } from './postgres/open-postgres.js';
import { openSqlite } from './sqlite/open-sqlite.js';

/** What `openDatabase` takes. */
export interface OpenDatabaseOptions {
  /**
   * `sqlite:path/to/file.db`, `sqlite::memory:` (a private file that goes with `close`) or `postgres://…`, which needs
   * the package `pg`.
   */
  readonly url: string;
  readonly migrations: readonly Migration[];
  /** Keeps this set of migrations apart from others in the same database. Default `main`. */
  readonly namespace?: string;
  /**
   * What committed writes survive on SQLite. `process` (default): the death of the process, `kill -9` included; a
   * power cut may take the last moments, never the file's integrity. `power`: a power cut too, at one disk flush for
   * each transaction.
   */
  readonly durability?: 'process' | 'power';
  /**
   * Whether SQLite writes zeros over what is deleted. Default `false`. With it and {@link Database.purge} nothing
   * deleted can be found in the files.
   */
  readonly secureDelete?: boolean;
  /** How long a write waits on SQLite while another process writes. Units: ms. Default 5000. */
  readonly busyTimeoutMs?: number;
  /** The size of the pool on PostgreSQL. Default 10. */
  readonly maxConnections?: number;
  /** Makes the connections of a `postgres:` address in place of `pg`, one for reads and one for writes. */
  readonly dialect?: () => Dialect;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly abortSignal?: AbortSignal;
}

/**
 * Opens a database and applies the migrations that it does not have yet.
 *
 * @throws {DatabaseUrlError} `ERR_DATABASE_URL`
 * @throws {DatabaseUnwritableError} `ERR_DATABASE_UNWRITABLE`: no permission, no such place, a read-only disk.
 * @throws {DatabaseCorruptError} `ERR_DATABASE_CORRUPT`: damaged, or not a database.
 * @throws {DatabaseUnreachableError} `ERR_DATABASE_UNREACHABLE`: no server answers.
 * @throws {MigrationChangedError} `ERR_DATABASE_MIGRATION_CHANGED`: an applied migration reads otherwise now.
 * @throws {MigrationFailedError} `ERR_DATABASE_MIGRATION_FAILED`: a migration could not be applied.
 * @throws {DatabaseNewerError} `ERR_DATABASE_NEWER`: a later version has migrated it further.
 */
export async function openDatabase<DB>(options: OpenDatabaseOptions): Promise<Database<DB>> {
  options.abortSignal?.throwIfAborted();
  const logger = options.logger ?? createSilentLogger();
  const clock = options.clock ?? createSystemClock();
  const opened = await open<DB>(options, logger);
  const database = finish(opened, { logger, clock, abortSignal: options.abortSignal });
  try {
    await database.migrate({
      namespace: options.namespace ?? 'main',
      migrations: options.migrations,
    });
    options.abortSignal?.throwIfAborted();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function open<DB>(options: OpenDatabaseOptions, logger: Logger): Promise<OpenedDatabase<DB>> {
  const { url } = options;
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/|[A-Za-z]:)/u, '');
    const { durability = 'process', busyTimeoutMs = 5000, secureDelete = false } = options;
    return openSqlite({ path, durability, busyTimeoutMs, secureDelete, logger });
  }
  if (/^postgres(?:ql)?:/u.test(url)) {
    return openPostgres({
      url,
      maxConnections: options.maxConnections ?? 10,
      dialect: options.dialect,
      logger,
    });
  }
  // The rest of the address may hold a password.
  throw new DatabaseUrlError({ scheme: url.split(/[:/]/u, 1)[0] ?? '' });
}

function finish<DB>(
  opened: OpenedDatabase<DB>,
  context: { logger: Logger; clock: Clock; abortSignal: AbortSignal | undefined },
): Database<DB> {
  const scope = createWriteScope();
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const write: Database<DB>['write'] = async (work) => {
    if (closing !== undefined) throw new DatabaseClosedError();
    const result = scope.run(() => opened.transact(work));
    running.add(result);
    try {
      return await result;
    } finally {
      running.delete(result);
    }
  };
  const close = async (): Promise<void> => {
    await Promise.allSettled(running);
    await opened.close();
  };

  return {
    dialect: opened.dialect,
    read: opened.read,
    write,
    migrate: (set: MigrationSet) =>
      runMigrations({ dialect: opened.dialect, write, ...context }, set),
    async purge() {
      if (closing !== undefined) throw new DatabaseClosedError();
      const purged = scope.run(() => opened.purge());
      running.add(purged);
      try {
        await purged;
      } finally {
        running.delete(purged);
      }
    },
    async ping() {
      if (closing !== undefined) throw new DatabaseClosedError();
      await opened.ping();
    },
    close: () => (closing ??= close()),
  };
}
