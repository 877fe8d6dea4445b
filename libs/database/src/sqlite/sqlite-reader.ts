import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { fromSqliteFault, toSqliteFault } from './sqlite-errors.js';
import type { SqliteValue } from './writer-worker.js';

/** The connection for reading, on the thread of the caller. */
export interface SqliteReader {
  all(sql: string, parameters: readonly SqliteValue[]): Record<string, unknown>[];
  /** Rows one by one, from a connection of their own, so that a slow reader holds no other reader at an old state. */
  iterate(
    sql: string,
    parameters: readonly SqliteValue[],
  ): Generator<Record<string, unknown>, void, void>;
  close(): void;
}

/** Opens the file read-only. */
export function openSqliteReader(options: {
  path: string;
  busyTimeoutMs: number;
  maxStatements: number;
}): SqliteReader {
  const open = (): DatabaseSync => {
    try {
      return new DatabaseSync(options.path, { readOnly: true, timeout: options.busyTimeoutMs });
    } catch (error) {
      throw fromSqliteFault(toSqliteFault(error), { path: options.path, cause: error });
    }
  };
  const connection = open();
  const statements = new Map<string, StatementSync>();

  const prepare = (sql: string): StatementSync => {
    const cached = statements.get(sql);
    const statement = cached ?? connection.prepare(sql);
    if (cached !== undefined) statements.delete(sql);
    statements.set(sql, statement);
    if (statements.size > options.maxStatements) {
      const [oldest] = statements.keys();
      if (oldest !== undefined) statements.delete(oldest);
    }
    return statement;
  };

  return {
    all(sql, parameters) {
      try {
        return prepare(sql)
          .all(...parameters)
          .map((row) => ({ ...row }));
      } catch (error) {
        throw fromSqliteFault(toSqliteFault(error), { sql, isReader: true, cause: error });
      }
    },
    *iterate(sql, parameters) {
      const own = open();
      try {
        for (const row of own.prepare(sql).iterate(...parameters)) yield { ...row };
      } catch (error) {
        throw fromSqliteFault(toSqliteFault(error), { sql, isReader: true, cause: error });
      } finally {
        own.close();
      }
    },
    close() {
      statements.clear();
      connection.close();
    },
  };
}
