import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Logger } from '@espalier/core';
import { Kysely } from 'kysely';
import { DatabaseClosedError, DatabaseUnwritableError } from '../errors.js';
import type { OpenedDatabase } from '../internal/opened-database.js';
import { createReadOnlyPlugin } from '../internal/read-only-plugin.js';
import { createSerialQueue } from '../internal/serial-queue.js';
import { createReaderDialect, createWriterDialect } from './sqlite-dialect.js';
import { openSqliteReader, type SqliteReader } from './sqlite-reader.js';
import { openSqliteWriter } from './sqlite-writer.js';

const MAX_STATEMENTS = 256;
/** A reader waits only while another process recovers the file, and the caller's thread waits with it. Units: ms. */
const READER_BUSY_TIMEOUT_MS = 1000;

/** What `openSqlite` takes. */
export interface OpenSqliteOptions {
  /** File path, or `:memory:`. */
  readonly path: string;
  readonly durability: 'process' | 'power';
  /** How long the writer waits for another process. Units: ms. */
  readonly busyTimeoutMs: number;
  readonly secureDelete: boolean;
  readonly logger: Logger;
}

/** Opens a file: one thread that writes, one connection here that reads. */
export async function openSqlite<DB>(options: OpenSqliteOptions): Promise<OpenedDatabase<DB>> {
  const { path, remove } = await placeOf(options.path);
  const writer = await openSqliteWriter({
    path,
    busyTimeoutMs: options.busyTimeoutMs,
    maxStatements: MAX_STATEMENTS,
    pragmas: [
      `synchronous = ${options.durability === 'power' ? 'full' : 'normal'}`,
      'foreign_keys = on',
      'trusted_schema = off',
      `secure_delete = ${options.secureDelete ? 'on' : 'off'}`,
      'journal_size_limit = 67108864',
    ],
  });
  if (writer.journalMode !== 'wal') {
    options.logger.warn(
      'The file system of the database supports no write-ahead log; reads and writes wait for each other.',
      {
        journalMode: writer.journalMode,
      },
    );
  }
  let reader: SqliteReader | undefined = openSqliteReader({
    path,
    busyTimeoutMs: READER_BUSY_TIMEOUT_MS,
    maxStatements: MAX_STATEMENTS,
  });
  const turns = createSerialQueue();
  const writing = new Kysely<DB>({ dialect: createWriterDialect(writer, turns) });
  const reading = new Kysely<DB>({
    dialect: createReaderDialect(() => {
      if (reader === undefined) throw new DatabaseClosedError();
      return reader;
    }),
    plugins: [createReadOnlyPlugin()],
  });
  return {
    dialect: 'sqlite',
    read: reading,
    transact: (work) => writing.transaction().execute(work),
    async purge() {
      const release = await turns.take();
      try {
        await writer.control('purge');
      } finally {
        release();
      }
    },
    async ping() {
      if (reader === undefined) throw new DatabaseClosedError();
      reader.all('select 1', []);
      await writer.control('ping');
    },
    async close() {
      await turns.drained();
      reader?.close();
      reader = undefined;
      await writer.close();
      await remove();
    },
  };
}

async function placeOf(path: string): Promise<{ path: string; remove: () => Promise<void> }> {
  if (path === ':memory:') {
    // Two connections cannot share a database in memory across threads; a file of our own behaves the same.
    const folder = await mkdtemp(join(tmpdir(), 'espalier-database-'));
    return {
      path: join(folder, 'memory.db'),
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const absolute = resolve(path);
  try {
    await mkdir(dirname(absolute), { recursive: true });
  } catch (error) {
    throw new DatabaseUnwritableError({ problem: (error as Error).message, cause: error });
  }
  return { path: absolute, remove: async () => undefined };
}
