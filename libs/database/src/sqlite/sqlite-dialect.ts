import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import { DatabaseQueryError, DatabaseReadOnlyError } from '../errors.js';
import type { SerialQueue } from '../internal/serial-queue.js';
import type { SqliteReader } from './sqlite-reader.js';
import type { SqliteWriter } from './sqlite-writer.js';
import type { SqliteValue } from './writer-worker.js';

/** The Kysely dialect over the writer's thread: whoever holds the connection is alone on it. */
export function createWriterDialect(writer: SqliteWriter, turns: SerialQueue): Dialect {
  let endTurn = (): void => undefined;
  const connection: DatabaseConnection = {
    async executeQuery<R>({
      sql,
      parameters,
    }: {
      sql: string;
      parameters: readonly unknown[];
    }): Promise<QueryResult<R>> {
      const { rows, changes, insertId } = await writer.execute(sql, parameters.map(toSqliteValue));
      return {
        rows: rows as R[],
        ...(changes === undefined ? {} : { numAffectedRows: BigInt(changes) }),
        ...(insertId === undefined ? {} : { insertId: BigInt(insertId) }),
      };
    },
    streamQuery() {
      throw new DatabaseQueryError({ problem: 'rows cannot be streamed inside a write' });
    },
  };
  return sqliteDialect({
    acquireConnection: async () => {
      endTurn = await turns.take();
      return connection;
    },
    releaseConnection: async () => {
      endTurn();
    },
    beginTransaction: () => writer.control('begin'),
    commitTransaction: () => writer.control('commit'),
    rollbackTransaction: () => writer.control('rollback'),
  });
}

/** The Kysely dialect over the reading connection. */
export function createReaderDialect(reader: () => SqliteReader): Dialect {
  const connection: DatabaseConnection = {
    async executeQuery<R>({
      sql,
      parameters,
    }: {
      sql: string;
      parameters: readonly unknown[];
    }): Promise<QueryResult<R>> {
      return { rows: reader().all(sql, parameters.map(toSqliteValue)) as R[] };
    },
    async *streamQuery<R>({
      sql,
      parameters,
    }: {
      sql: string;
      parameters: readonly unknown[];
    }): AsyncGenerator<QueryResult<R>, void, void> {
      for (const row of reader().iterate(sql, parameters.map(toSqliteValue)))
        yield { rows: [row as R] };
    },
  };
  const refuse = async (): Promise<never> => {
    throw new DatabaseReadOnlyError({ operation: 'A transaction' });
  };
  return sqliteDialect({
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
  });
}

/** Kysely would hand out one connection at a time; writers take turns of their own, and readers need none. */
class UnlockedSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

function sqliteDialect(driver: Omit<Driver, 'init' | 'destroy'>): Dialect {
  return {
    createAdapter: () => new UnlockedSqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => ({
      ...driver,
      init: async () => undefined,
      destroy: async () => undefined,
    }),
  };
}

/** SQLite has no booleans; what else it cannot store is refused by name instead of by position. */
function toSqliteValue(value: unknown, index: number): SqliteValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (
    value === null ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'string'
  )
    return value;
  if (value instanceof Uint8Array) return value;
  const kind =
    value === undefined
      ? 'undefined'
      : typeof value === 'object'
        ? (value.constructor?.name ?? 'object')
        : typeof value;
  throw new DatabaseQueryError({
    problem: `parameter ${index + 1} is of type ${kind}, and only text, numbers, booleans, bytes and null can be stored`,
  });
}
