import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSystemClock, type Clock, type VectorStore } from '@espalier/core';
import type { Connection, Table } from '@lancedb/lancedb';
import { IndexMismatchError, KnowledgeBaseNameError, StoreClosedError } from '../errors.js';
import { attemptInStore } from '../stores/internal/attempt-in-store.js';
import { guardFilters } from '../stores/internal/guard-filters.js';
import { createIndexNaming, namespacesOf } from '../stores/internal/index-naming.js';
import { openFileLock, type FileLock } from '../stores/internal/wait-for-lock.js';
import { createLanceIndex, type LanceIndex } from './internal/create-lance-index.js';
import { loadLanceDriver, type LanceDriver } from './internal/lance-driver.js';

const STORE = 'lancedb';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/u;
/** LanceDB takes letters, digits, "_", "-" and "." only. */
const SEPARATOR = '__ns_';
const NAMING = createIndexNaming(SEPARATOR);
const EMBEDDING_KEY = 'espalier.embedding';
const DIMENSION_KEY = 'espalier.dimension';
const MAX_DIMENSION = 16_384;
const MAX_RECORDS_PER_UPSERT = 4096;
const DEFAULT_TARGET_RECALL = 0.95;
const DEFAULT_INDEX_FROM = 50_000;

/** What {@link createLanceDbStore} takes. */
export interface LanceDbStoreOptions {
  /** A folder, or an address of object storage that LanceDB knows (`s3://…`). */
  readonly uri: string;
  /** From so many records on, an IVF_RQ index is built; below it, and with `Infinity`, search is flat and exact. Default 50,000. */
  readonly indexFrom?: number;
  /** Recall@10 that the index must reach on a sample of the records, or search stays flat. Default .95. */
  readonly targetRecall?: number;
  readonly clock?: Clock;
}

interface Wanted {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly dimension: number;
  readonly embedding: string;
}

interface OpenedIndex {
  readonly index: LanceIndex;
  readonly lock: FileLock | undefined;
}

interface Opened {
  readonly driver: LanceDriver;
  readonly connection: Connection;
}

/**
 * Creates a store that keeps vectors in LanceDB tables on disk, with no server.
 *
 * Nothing is loaded or made until the first index is opened. Writes of one index go through one queue: upserts that
 * wait together become one write, and fragments are merged and old versions removed every 32 writes. Several processes
 * may share a folder: a lock file beside each table keeps them from writing one key twice. Object storage has no such
 * lock: there, one process may write. Search is exact up to `indexFrom` records, with a filter, and wherever the index
 * fails its recall. Needs the optional peers `@lancedb/lancedb` and `apache-arrow`.
 */
export function createLanceDbStore(options: LanceDbStoreOptions): VectorStore {
  const clock = options.clock ?? createSystemClock();
  const indexes = new Map<string, Promise<OpenedIndex>>();
  let opening: Promise<Opened> | undefined;
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new StoreClosedError({ store: STORE });
  };
  const connect = async (): Promise<Opened> => {
    const driver = await loadLanceDriver();
    return {
      driver,
      connection: await attempt('connect', () =>
        // Other processes may write: what they have written is read.
        driver.lancedb.connect(options.uri, { readConsistencyInterval: 0 }),
      ),
    };
  };
  const opened = (): Promise<Opened> => {
    if (opening === undefined) {
      opening = connect();
      opening.catch(() => (opening = undefined));
    }
    return opening;
  };

  const folder = localFolder(options.uri);
  const lockOf = async (tableName: string): Promise<FileLock | undefined> => {
    if (folder === undefined) return undefined;
    await mkdir(folder, { recursive: true });
    return openFileLock({ path: join(folder, `${tableName}.lock`) });
  };

  const open = async (wanted: Wanted): Promise<OpenedIndex> => {
    const { name, namespace } = wanted;
    const tableName = NAMING.encode(wanted);
    const { driver, connection } = await opened();
    return attempt('open an index', async () => {
      const lock = await lockOf(tableName);
      try {
        const make = async (): Promise<Table> =>
          (await connection.tableNames()).includes(tableName)
            ? connection.openTable(tableName)
            : connection.createEmptyTable(tableName, emptySchema(driver, wanted), {
                existOk: true,
              });
        const table = await (lock === undefined ? make() : lock.hold(make));
        assertSame(wanted, await describe(table));
        const index = createLanceIndex({
          driver,
          table,
          reopen: () => connection.openTable(tableName),
          folder: folder === undefined ? undefined : join(folder, `${tableName}.lance`),
          lock,
          name,
          namespace,
          dimension: wanted.dimension,
          embedding: wanted.embedding,
          clock,
          targetRecall: options.targetRecall ?? DEFAULT_TARGET_RECALL,
          indexFrom: options.indexFrom ?? DEFAULT_INDEX_FROM,
          assertOpen,
        });
        return { index, lock };
      } catch (error) {
        lock?.close();
        throw error;
      }
    });
  };
  const openPart = async (wanted: Wanted): Promise<LanceIndex> => {
    const key = NAMING.encode(wanted);
    let opening = indexes.get(key);
    if (opening === undefined) {
      opening = open(wanted);
      indexes.set(key, opening);
      opening.catch(() => indexes.delete(key));
    }
    const { index } = await opening;
    assertSame(wanted, index);
    return index;
  };
  const dropPart = async (connection: Connection, tableName: string): Promise<void> => {
    const known = await indexes.get(tableName)?.catch(() => undefined);
    await known?.index.settle();
    indexes.delete(tableName);
    known?.lock?.close();
    await attempt('drop an index', async () => {
      if ((await connection.tableNames()).includes(tableName))
        await connection.dropTable(tableName);
      if (folder !== undefined) await rm(join(folder, `${tableName}.lock`), { force: true });
    });
  };

  return {
    specificationVersion: 'v1',
    name: STORE,
    limits: {
      maxDimension: MAX_DIMENSION,
      maxRecordsPerUpsert: MAX_RECORDS_PER_UPSERT,
      isPersistent: true,
      hasSnapshotIsolation: true,
    },
    async openIndex({ name, dimension, embedding, namespace, filterableFields, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      if (!NAME.test(name) || name.includes(SEPARATOR)) throw new KnowledgeBaseNameError({ name });
      const wanted = { name, namespace, dimension, embedding };
      NAMING.encode(wanted);
      // All namespaces have the dimension and the model of their index.
      const whole = await openPart({ ...wanted, namespace: undefined });
      const index = namespace === undefined ? whole : await openPart(wanted);
      return guardFilters(index, filterableFields);
    },
    async listIndexes() {
      assertOpen();
      const { connection } = await opened();
      const tables = await attempt('list indexes', () => connection.tableNames());
      return tables.filter((table) => NAMING.decode(table).namespace === undefined);
    },
    async describeIndex({ name, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      const { connection } = await opened();
      return attempt('describe an index', async () => {
        const tables = await connection.tableNames();
        if (!tables.includes(name)) return undefined;
        const { dimension, embedding } = await describe(await connection.openTable(name));
        return { name, dimension, embedding, namespaces: namespacesOf(NAMING, name, tables) };
      });
    },
    async dropIndex({ name, namespace }) {
      assertOpen();
      const { connection } = await opened();
      if (namespace !== undefined) {
        await dropPart(connection, NAMING.encode({ name, namespace }));
        return;
      }
      const tables = await attempt('list indexes', () => connection.tableNames());
      // The index itself goes last: what breaks off can be dropped again.
      for (const part of namespacesOf(NAMING, name, tables))
        await dropPart(connection, NAMING.encode({ name, namespace: part }));
      await dropPart(connection, name);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      for (const known of await Promise.allSettled(indexes.values())) {
        if (known.status === 'rejected') continue;
        await known.value.index.settle();
        known.value.lock?.close();
      }
      indexes.clear();
      (await opening?.catch(() => undefined))?.connection.close();
    },
  };
}

/** The folder that an address means; undefined for object storage. */
function localFolder(uri: string): string | undefined {
  if (uri.startsWith('file://')) return fileURLToPath(uri);
  return /^[a-z][a-z0-9+.-]+:\/\//iu.test(uri) ? undefined : uri;
}

function assertSame(wanted: Wanted, found: { dimension: number; embedding: string }): void {
  const { dimension, embedding } = found;
  if (dimension === wanted.dimension && embedding === wanted.embedding) return;
  throw new IndexMismatchError({ index: wanted.name, found: { dimension, embedding }, wanted });
}

function attempt<T>(operation: string, work: () => Promise<T>): Promise<T> {
  return attemptInStore({ store: STORE, operation }, work);
}

function emptySchema(
  { arrow }: LanceDriver,
  wanted: { dimension: number; embedding: string },
): InstanceType<LanceDriver['arrow']['Schema']> {
  const vector = new arrow.FixedSizeList(
    wanted.dimension,
    new arrow.Field('item', new arrow.Float32(), true),
  );
  return new arrow.Schema(
    [
      new arrow.Field('id', new arrow.Utf8(), false),
      new arrow.Field('vector', vector, false),
      new arrow.Field('text', new arrow.Utf8(), false),
      new arrow.Field('metadata', new arrow.Utf8(), false),
    ],
    new Map([
      [EMBEDDING_KEY, wanted.embedding],
      [DIMENSION_KEY, String(wanted.dimension)],
    ]),
  );
}

async function describe(table: Table): Promise<{ embedding: string; dimension: number }> {
  const { metadata } = await table.schema();
  return {
    embedding: metadata.get(EMBEDDING_KEY) ?? 'an unknown model',
    dimension: Number(metadata.get(DIMENSION_KEY)),
  };
}
