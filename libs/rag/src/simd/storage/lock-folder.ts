import { join } from 'node:path';
import { StoreLockedError } from '../errors.js';

const LOCK_FILE = 'store.lock';

/** Holds a folder for one store. */
export interface FolderLock {
  release(): void;
}

/**
 * Locks a folder until it is released or the process ends, however it ends.
 *
 * The lock is that of an SQLite file in an exclusive transaction: the system gives it back with the process, so that
 * nothing stale is left behind.
 *
 * @throws {StoreLockedError} `ERR_RAG_STORE_LOCKED`
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(folder, LOCK_FILE));
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new StoreLockedError({ folder, cause });
  }
  return {
    release() {
      database.close();
    },
  };
}
