import {
  Kysely,
  PostgresDialect,
  sql,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely';
import type { Logger } from '@espalier/core';
import { DatabaseDriverMissingError, DatabaseQueryError } from '../errors.js';
import type { OpenedDatabase } from '../internal/opened-database.js';
import { createReadOnlyPlugin } from '../internal/read-only-plugin.js';
import { createSerialQueue } from '../internal/serial-queue.js';
import { fromPostgresError } from './postgres-errors.js';

/** The type number of 64-bit integers. @see `pg_type` in PostgreSQL's catalogue */
const INT8 = 20;

/** What `openPostgres` takes. */
export interface OpenPostgresOptions {
  readonly url: string;
  readonly maxConnections: number;
  readonly logger: Logger;
  /** Makes a connection in place of `pg`. */
  readonly dialect?: (() => Dialect) | undefined;
}

/** Connects to a server, with one pool for reads and writes; or over an injected dialect, with one writer at a time. */
export async function openPostgres<DB>(options: OpenPostgresOptions): Promise<OpenedDatabase<DB>> {
  const pooled = options.dialect === undefined ? await openPool(options) : undefined;
  const make = (): Kysely<DB> => {
    const dialect =
      pooled === undefined ? options.dialect?.() : new PostgresDialect({ pool: pooled });
    return new Kysely<DB>({ dialect: withTypedErrors(dialect as Dialect) });
  };
  const writing = make();
  const reading = pooled === undefined ? make() : writing;
  const turns = pooled === undefined ? createSerialQueue() : undefined;
  const probe = async (): Promise<void> => {
    await reading.selectNoFrom((expression) => expression.lit(1).as('one')).execute();
  };
  try {
    await probe();
  } catch (error) {
    await writing.destroy();
    if (reading !== writing) await reading.destroy();
    throw error;
  }
  return {
    dialect: 'postgres',
    read: reading.withPlugin(createReadOnlyPlugin()),
    async transact(work) {
      const endTurn = await turns?.take();
      try {
        return await writing.transaction().execute(work);
      } finally {
        endTurn?.();
      }
    },
    async purge() {
      const endTurn = await turns?.take();
      try {
        await sql`vacuum`.execute(writing);
      } finally {
        endTurn?.();
      }
    },
    ping: probe,
    async close() {
      await writing.destroy();
      if (reading !== writing) await reading.destroy();
    },
  };
}

async function openPool(options: OpenPostgresOptions): Promise<import('pg').Pool> {
  let pg: typeof import('pg');
  try {
    pg = await import('pg');
  } catch (error) {
    throw new DatabaseDriverMissingError({ packageName: 'pg', cause: error });
  }
  const { Pool, types } = pg.default ?? pg;
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: 10_000,
    application_name: 'espalier',
    types: {
      getTypeParser: ((oid: number, format?: 'text'): unknown =>
        oid === INT8
          ? toSafeNumber
          : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  });
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on('error', (error) => {
    options.logger.warn('An idle connection to the database broke.', { problem: error.message });
  });
  return pool;
}

/** 64-bit integers come as numbers, as SQLite gives them; beyond 2^53 both refuse. */
function toSafeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new DatabaseQueryError({
      problem: `the integer ${text} is beyond what JavaScript numbers hold exactly`,
    });
  }
  return value;
}

function withTypedErrors(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => wrapDriver(dialect.createDriver()),
  };
}

function wrapDriver(driver: Driver): Driver {
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const unwrap = (connection: DatabaseConnection): DatabaseConnection =>
    inner.get(connection) ?? connection;
  const typed = async <T>(work: () => Promise<T>, sql?: string): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw fromPostgresError(error, sql);
    }
  };
  return {
    init: (options) => typed(() => driver.init(options)),
    acquireConnection: (options) =>
      typed(async () => {
        const connection = await driver.acquireConnection(options);
        const wrapped: DatabaseConnection = {
          executeQuery: (query, queryOptions) =>
            typed(() => connection.executeQuery(query, queryOptions), query.sql),
          streamQuery: (query, chunkSize, queryOptions) =>
            connection.streamQuery(query, chunkSize, queryOptions),
        };
        inner.set(wrapped, connection);
        return wrapped;
      }),
    beginTransaction: (connection, settings) =>
      typed(() => driver.beginTransaction(unwrap(connection), settings)),
    commitTransaction: (connection) => typed(() => driver.commitTransaction(unwrap(connection))),
    rollbackTransaction: (connection) =>
      typed(() => driver.rollbackTransaction(unwrap(connection))),
    releaseConnection: (connection, options) =>
      typed(() => driver.releaseConnection(unwrap(connection), options)),
    destroy: (options) => typed(() => driver.destroy(options)),
  };
}
