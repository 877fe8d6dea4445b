import type { Kysely, Transaction } from 'kysely';
import type { DatabaseDialect } from '../database.js';

/** What each kind of database brings; migrations, scopes and closing are added in one place. */
export interface OpenedDatabase<DB> {
  readonly dialect: DatabaseDialect;
  readonly read: Kysely<DB>;
  transact<T>(work: (trx: Transaction<DB>) => Promise<T>): Promise<T>;
  purge(): Promise<void>;
  ping(): Promise<void>;
  /** Called once, when no write is under way. */
  close(): Promise<void>;
}
