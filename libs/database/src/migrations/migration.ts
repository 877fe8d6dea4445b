import type { Kysely } from 'kysely';
import type { DatabaseDialect } from '../database.js';

/** One step of a schema's history. Once released it stays as it is. */
export interface Migration {
  /** Unique in its set and in ascending order: `0001-create-users`. */
  readonly id: string;
  /**
   * Brings the database one step further, inside a transaction of its own.
   *
   * Does nothing but queries: it also runs against a recorder, which answers every query with no rows, to tell
   * whether its statements are still those that were applied.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- A migration sees tables that no type describes any more.
  up(db: Kysely<any>, dialect: DatabaseDialect): Promise<void>;
}
