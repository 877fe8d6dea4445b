import { createSystemClock, EspalierError, type Clock, type VectorStore } from '@espalier/core';
import type { Connection, Table } from '@lancedb/lancedb';
import {
  IndexMismatchError,
  KnowledgeBaseNameError,
  StoreClosedError,
  StoreError,
} from '../errors.js';
import {
  createLanceIndex,
  fieldColumnsOf,
  type LanceIndex,
} from './internal/create-lance-index.js';
import { loadLanceDriver, type LanceDriver } from './internal/lance-driver.js';

const STORE = 'lancedb';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/u;
const EMBEDDING_KEY = 'espalier.embedding';
const DIMENSION_KEY = 'espalier.dimension';
const MAX_DIMENSION = 16_384;
const MAX_RECORDS_PER_UPSERT = 4096;

/** What {@link createLanceDbStore} takes. */
export interface LanceDbStoreOptions {
  /** A folder, or an address of object storage that LanceDB knows (`s3://…`). */
  readonly uri: string;
  readonly clock?: Clock;
}

interface Opened {
  readonly driver: LanceDriver;
  readonly connection: Connection;
}

/**
 * Creates a store that keeps vectors in LanceDB tables on disk, with no server.
 *
 * Nothing is loaded or made until the first index is opened. Writes of one index go through one queue: upserts that
 * wait together become one write, and fragments are merged and old versions removed every 32 writes. Search is exact.
 * One process writes to a folder at a time. Needs the optional peers `@lancedb/lancedb` and `apache-arrow`.
 */
export function createLanceDbStore(options: LanceDbStoreOptions): VectorStore {
  const clock = options.clock ?? createSystemClock();
  const indexes = new Map<string, Promise<LanceIndex>>();
  let opening: Promise<Opened> | undefined;
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new StoreClosedError({ store: STORE });
  };
  const connect = async (): Promise<Opened> => {
    const driver = await loadLanceDriver();
    return {
      driver,
      connection: await attempt('connect', () => driver.lancedb.connect(options.uri)),
    };
  };
  const opened = (): Promise<Opened> => {
    if (opening === undefined) {
      opening = connect();
      opening.catch(() => (opening = undefined));
    }
    return opening;
  };

  const open = async (wanted: {
    name: string;
    dimension: number;
    embedding: string;
  }): Promise<LanceIndex> => {
    const { name } = wanted;
    const { driver, connection } = await opened();
    return attempt('open an index', async () => {
      const isThere = (await connection.tableNames()).includes(name);
      const table = isThere
        ? await connection.openTable(name)
        : await connection.createEmptyTable(name, emptySchema(driver, wanted), { existOk: true });
      const found = await describe(table);
      if (found.embedding !== wanted.embedding || found.dimension !== wanted.dimension) {
        throw new IndexMismatchError({ index: name, found, wanted });
      }
      return createLanceIndex({
        driver,
        table,
        ...wanted,
        columns: found.columns,
        clock,
        assertOpen,
      });
    });
  };

  return {
    specificationVersion: 'v1',
    name: STORE,
    limits: {
      maxDimension: MAX_DIMENSION,
      maxRecordsPerUpsert: MAX_RECORDS_PER_UPSERT,
      isPersistent: true,
    },
    async openIndex({ name, dimension, embedding, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      if (!NAME.test(name)) throw new KnowledgeBaseNameError({ name });
      const wanted = { name, dimension, embedding };
      const known = indexes.get(name);
      if (known !== undefined) {
        const index = await known;
        if (index.dimension === dimension && index.embedding === embedding) return index;
        const found = { embedding: index.embedding, dimension: index.dimension };
        throw new IndexMismatchError({ index: name, found, wanted });
      }
      const index = open(wanted);
      indexes.set(name, index);
      index.catch(() => indexes.delete(name));
      return index;
    },
    async listIndexes() {
      assertOpen();
      const { connection } = await opened();
      return attempt('list indexes', () => connection.tableNames());
    },
    async dropIndex({ name }) {
      assertOpen();
      const { connection } = await opened();
      const index = await indexes.get(name)?.catch(() => undefined);
      await index?.settle();
      indexes.delete(name);
      await attempt('drop an index', async () => {
        if ((await connection.tableNames()).includes(name)) await connection.dropTable(name);
      });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const all = await Promise.allSettled(indexes.values());
      for (const index of all) if (index.status === 'fulfilled') await index.value.settle();
      indexes.clear();
      (await opening?.catch(() => undefined))?.connection.close();
    },
  };
}

async function attempt<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (EspalierError.isInstance(cause)) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError({ store: STORE, operation, problem, cause });
  }
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

async function describe(
  table: Table,
): Promise<{ embedding: string; dimension: number; columns: Set<string> }> {
  const schema = await table.schema();
  return {
    embedding: schema.metadata.get(EMBEDDING_KEY) ?? 'an unknown model',
    dimension: Number(schema.metadata.get(DIMENSION_KEY)),
    columns: fieldColumnsOf(schema.fields.map((field) => field.name)),
  };
}
