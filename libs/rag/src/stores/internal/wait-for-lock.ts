import { setTimeout as delay } from 'node:timers/promises';
import { StoreLockedError } from '../../simd/errors.js';

const FIRST_WAIT_MS = 1;
const LONGEST_WAIT_MS = 40;
const DEFAULT_TIMEOUT_MS = 60_000;

/** A lock that processes share through a file. */
export interface FileLock {
  /**
   * Runs work while no other process, and no other lock of this one, runs theirs.
   *
   * @throws {StoreLockedError} `ERR_RAG_STORE_LOCKED`: it was held elsewhere for a minute.
   */
  hold<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Opens a lock at a path; the file is made where there is none.
 *
 * The lock is that of an SQLite file in an exclusive transaction: the system gives it back with the process, however it
 * ends. One lock object holds it for one piece of work at a time.
 */
export async function openFileLock(options: {
  path: string;
  timeoutMs?: number;
}): Promise<FileLock> {
  const { path, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path);
  // SQLite's own waiting would stop the whole process.
  database.exec('PRAGMA busy_timeout = 0');
  const begin = async (): Promise<void> => {
    let waitMs = FIRST_WAIT_MS;
    for (let waitedMs = 0; ; waitedMs += waitMs) {
      try {
        // The mode, too, can only be set while nobody holds the lock.
        database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
        return;
      } catch (cause) {
        if (!isBusy(cause)) throw cause;
        if (waitedMs >= timeoutMs) throw new StoreLockedError({ folder: path, cause });
      }
      await delay(waitMs);
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    }
  };
  return {
    async hold(work) {
      await begin();
      try {
        return await work();
      } finally {
        database.exec('COMMIT');
      }
    },
    close() {
      database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode;
  // SQLITE_BUSY and SQLITE_LOCKED, with whatever says more in the higher bits.
  return typeof code === 'number' && [5, 6].includes(code & 0xff);
}
