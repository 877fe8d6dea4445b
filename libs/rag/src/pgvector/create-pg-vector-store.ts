import type { VectorIndex, VectorStore } from '@espalier/core';
import { IndexMismatchError, StoreClosedError } from '../errors.js';
import { attemptInStore } from '../stores/internal/attempt-in-store.js';
import { guardFilters } from '../stores/internal/guard-filters.js';
import { assertIndexKey } from '../stores/internal/index-naming.js';
import { createPgVectorIndex } from './internal/create-pg-vector-index.js';
import { loadPgPool } from './internal/load-pg-pool.js';
import {
  dropParts,
  findPart,
  openPart,
  prepareSchema,
  quoteName,
  type PgPlace,
} from './internal/pg-schema.js';
import type { PgPool } from './pg-pool.js';

const STORE = 'pgvector';
const MAX_DIMENSION = 16_000;
const MAX_RECORDS_PER_UPSERT = 5000;
const DEFAULT_SCHEMA = 'espalier_vectors';
const DEFAULT_MAX_CONNECTIONS = 10;
const DEFAULT_INDEX_FROM = 50_000;
const DEFAULT_TARGET_RECALL = 0.95;

/** What {@link createPgVectorStore} takes. */
export interface PgVectorStoreOptions {
  /** `postgres://user:password@host:port/database`; its user may create a schema in the database. */
  readonly url?: string;
  /** A pool of the host's own in place of `url`; closing the store leaves it open. */
  readonly pool?: PgPool;
  /** Whether the pool is one connection only, as PGlite is: a snapshot then cannot hold one moment while others write. Default false. */
  readonly isSingleConnection?: boolean;
  /** The schema that the tables are in; made where it is missing. Default `espalier_vectors`. */
  readonly schema?: string;
  /** Default 10; with `url` only. */
  readonly maxConnections?: number;
  /** From so many records on, `optimize` builds an HNSW index; below it search is exact. Default 50,000. */
  readonly indexFrom?: number;
  /** Recall@10 that the index must reach on a sample of the records, or search stays exact. Default .95. */
  readonly targetRecall?: number;
}

/**
 * Creates a store that keeps vectors in PostgreSQL with the extension pgvector, one table for each index and namespace.
 *
 * Nothing is connected before the first index is opened. An upsert is one statement, so that all of its records are
 * kept or none; any number of processes may write. Filters become parameters of SQL, never text of it. Search is exact
 * up to `indexFrom` records, with a filter, beyond 4,000 dimensions, and wherever the index fails its recall; records
 * whose vector is zero are found by exact search only. `purge` rewrites the tables; the write-ahead log, replicas and backups
 * are the server's. Needs the optional peer `pg` unless `pool` is given.
 *
 * @throws {TypeError} both or neither of `url` and `pool` are given.
 */
export function createPgVectorStore(options: PgVectorStoreOptions): VectorStore {
  if ((options.url === undefined) === (options.pool === undefined))
    throw new TypeError('Give createPgVectorStore either `url` or `pool`.');
  const schema = quoteName(options.schema ?? DEFAULT_SCHEMA);
  const hasSnapshotIsolation = options.isSingleConnection !== true;
  let opening: Promise<PgPlace> | undefined;
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new StoreClosedError({ store: STORE });
  };
  const attempt = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    attemptInStore({ store: STORE, operation }, work);
  const connect = async (): Promise<PgPlace> => {
    const { url = '', maxConnections = DEFAULT_MAX_CONNECTIONS } = options;
    const pool = options.pool ?? (await loadPgPool({ url, maxConnections }));
    const place = { pool, schema };
    try {
      await attempt('connect', () => prepareSchema(place));
    } catch (error) {
      if (options.pool === undefined) await pool.end();
      throw error;
    }
    return place;
  };
  const opened = (): Promise<PgPlace> => {
    if (opening === undefined) {
      opening = connect();
      opening.catch(() => (opening = undefined));
    }
    return opening;
  };
  const openIndexPart = async (
    wanted: { name: string; dimension: number; embedding: string },
    namespace: string | undefined,
  ): Promise<VectorIndex> => {
    const place = await opened();
    const part = await attempt('open an index', () =>
      openPart(place, { ...wanted, namespace: namespace ?? '' }),
    );
    const { dimension, embedding } = part;
    if (dimension !== wanted.dimension || embedding !== wanted.embedding) {
      const found = { dimension, embedding };
      throw new IndexMismatchError({ index: wanted.name, found, wanted });
    }
    return createPgVectorIndex({
      place,
      part,
      name: wanted.name,
      namespace,
      indexFrom: options.indexFrom ?? DEFAULT_INDEX_FROM,
      targetRecall: options.targetRecall ?? DEFAULT_TARGET_RECALL,
      hasSnapshotIsolation,
      assertOpen,
    });
  };

  return {
    specificationVersion: 'v1',
    name: STORE,
    limits: {
      maxDimension: MAX_DIMENSION,
      maxRecordsPerUpsert: MAX_RECORDS_PER_UPSERT,
      isPersistent: true,
      hasSnapshotIsolation,
    },
    async openIndex({ name, dimension, embedding, namespace, filterableFields, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      assertIndexKey({ name, namespace });
      const wanted = { name, dimension, embedding };
      // All namespaces have the dimension and the model of their index.
      const whole = await openIndexPart(wanted, undefined);
      const index = namespace === undefined ? whole : await openIndexPart(wanted, namespace);
      return guardFilters(index, filterableFields);
    },
    async listIndexes() {
      assertOpen();
      const { pool } = await opened();
      const { rows } = await attempt('list indexes', () =>
        pool.query(`SELECT name FROM ${schema}.indexes WHERE namespace = '' ORDER BY name`),
      );
      return rows.map((row) => String(row['name']));
    },
    async describeIndex({ name, abortSignal }) {
      abortSignal?.throwIfAborted();
      assertOpen();
      const { pool } = await opened();
      return attempt('describe an index', async () => {
        const part = await findPart(pool, schema, { name, namespace: '' });
        if (part === undefined) return undefined;
        const { rows } = await pool.query(
          `SELECT namespace FROM ${schema}.indexes WHERE name = $1 AND namespace <> ''`,
          [name],
        );
        const namespaces = rows.map(({ namespace }) => String(namespace)).sort();
        return { name, dimension: part.dimension, embedding: part.embedding, namespaces };
      });
    },
    async dropIndex({ name, namespace }) {
      assertOpen();
      const place = await opened();
      await attempt('drop an index', () => dropParts(place, { name, namespace }));
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const place = await opening?.catch(() => undefined);
      if (options.pool === undefined) await place?.pool.end();
    },
  };
}
