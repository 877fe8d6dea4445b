import type { Kysely, Transaction } from 'kysely';
import type { Migration } from './migrations/migration.js';

/** Which family of SQL a database speaks. */
export type DatabaseDialect = 'sqlite' | 'postgres';

/** A set of migrations with the name under which it is recorded. */
export interface MigrationSet {
  /** Keeps the sets of several libraries in one database apart. */
  readonly namespace: string;
  readonly migrations: readonly Migration[];
}

/** An open database with the tables `DB`. */
export interface Database<DB> {
  readonly dialect: DatabaseDialect;
  /** For reading, outside of any transaction. What a `write` has committed is seen at once. */
  readonly read: Kysely<DB>;
  /**
   * Runs `work` in one transaction: all of it is kept, or, when it throws, nothing.
   *
   * On SQLite, transactions run one after the other on a thread of their own, so the caller's thread never waits for
   * the disk. Await everything in `work`, and nothing that is slow: others wait.
   *
   * @throws {DatabaseNestedWriteError} `ERR_DATABASE_NESTED_WRITE`: called inside the work of another write.
   */
  write<T>(work: (trx: Transaction<DB>) => Promise<T>): Promise<T>;
  /** Applies what is missing of a further set of migrations. */
  migrate(set: MigrationSet): Promise<void>;
  /**
   * Leaves nothing in the files that was deleted or replaced before, and no log that still holds it.
   *
   * On SQLite it rewrites the file, for which it needs as much free disk again, and empties the write-ahead log; writes
   * wait meanwhile. On PostgreSQL it vacuums: dead rows can be written over from then on, but their bytes stay until
   * they are, and in the server's own log for as long as the server keeps it.
   *
   * @throws {DatabaseBusyError} `ERR_DATABASE_BUSY`: another connection still reads what was deleted; the same call
   * later succeeds.
   */
  purge(): Promise<void>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Lets writes that were asked for end, refuses new ones, and frees everything. Safe to call twice. */
  close(): Promise<void>;
}

/** A database whatever its tables; what libraries take that bring tables of their own. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- Kysely is invariant in its tables.
export type AnyDatabase = Database<any>;
