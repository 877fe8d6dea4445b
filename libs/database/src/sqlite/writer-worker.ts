import type { SqliteFault } from './sqlite-errors.js';

/** What the writer's thread is started with. */
export interface WriterWorkerData {
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly pragmas: readonly string[];
  readonly maxStatements: number;
}

/** A value that SQLite can store. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** What the main thread asks for. */
export type WriterRequest =
  | {
      readonly id: number;
      readonly op: 'execute';
      readonly sql: string;
      readonly parameters: readonly SqliteValue[];
    }
  | {
      readonly id: number;
      readonly op: 'begin' | 'commit' | 'rollback' | 'purge' | 'ping' | 'close';
    };

/** The rows of a statement, or what it changed. */
export interface WriterResult {
  readonly rows: Record<string, unknown>[];
  readonly changes?: number | bigint;
  readonly insertId?: number | bigint;
}

/** What the thread answers; id 0 is the answer to being started. */
export type WriterResponse =
  | { readonly id: number; readonly result: WriterResult }
  | { readonly id: number; readonly fault: SqliteFault };

/**
 * The whole program of the writer's thread.
 *
 * It is sent to the thread as its own source text, so that it runs the same from sources, from a build and from a
 * host's bundle. Therefore it uses nothing from outside of its body.
 */
export function writerWorker(
  { DatabaseSync }: typeof import('node:sqlite'),
  { parentPort, workerData }: typeof import('node:worker_threads'),
): void {
  const data = workerData as WriterWorkerData;
  const port = parentPort;
  if (port === null) return;
  const statements = new Map<string, import('node:sqlite').StatementSync>();

  const fail = (id: number, error: unknown): void => {
    const { message, errcode } = error as { message?: unknown; errcode?: unknown };
    port.postMessage({
      id,
      fault: {
        message: String(message),
        errcode: typeof errcode === 'number' ? errcode : undefined,
      },
    });
  };

  let db: import('node:sqlite').DatabaseSync;
  try {
    db = new DatabaseSync(data.path, { timeout: data.busyTimeoutMs });
    const lastTryAt = Date.now() + data.busyTimeoutMs;
    for (let isWal = false; !isWal;) {
      try {
        db.exec('pragma journal_mode = wal');
        isWal = true;
      } catch (error) {
        // SQLite does not wait here for another process that makes the same change, whatever the busy timeout.
        if ((error as { errcode?: number }).errcode !== 5 || Date.now() > lastTryAt) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      }
    }
    for (const pragma of data.pragmas) db.exec(`pragma ${pragma}`);
    const mode = db.prepare('pragma journal_mode').get();
    port.postMessage({ id: 0, result: { rows: [{ ...mode }] } });
  } catch (error) {
    fail(0, error);
    port.close();
    return;
  }

  const prepare = (sql: string): import('node:sqlite').StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) statement = db.prepare(sql);
    else statements.delete(sql);
    statements.set(sql, statement);
    if (statements.size > data.maxStatements) {
      const [oldest] = statements.keys();
      if (oldest !== undefined) statements.delete(oldest);
    }
    return statement;
  };

  const execute = (sql: string, parameters: readonly SqliteValue[]): WriterResult => {
    const statement = prepare(sql);
    if (statement.columns().length > 0) return { rows: statement.all(...parameters) };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], changes, insertId: lastInsertRowid };
  };

  const answer = (request: WriterRequest): WriterResult => {
    switch (request.op) {
      case 'execute':
        return execute(request.sql, request.parameters);
      case 'begin':
        if (db.isTransaction) db.exec('rollback');
        db.exec('begin immediate');
        break;
      case 'commit':
        db.exec('commit');
        break;
      case 'rollback':
        // A full disk makes SQLite roll back by itself.
        if (db.isTransaction) db.exec('rollback');
        break;
      case 'purge': {
        // Moving rows between pages leaves copies behind that no deletion reaches; only a new file is free of them.
        db.exec('vacuum');
        const checkpoint = db.prepare('pragma wal_checkpoint(truncate)').get();
        if (checkpoint?.['busy'] === 1) {
          const readers = new Error('a reader still holds what was deleted');
          throw Object.assign(readers, { errcode: 5 });
        }
        break;
      }
      case 'close':
        statements.clear();
        try {
          db.exec('pragma optimize');
        } catch {
          // Fresh statistics are welcome, but another process that holds the file must not keep this one from closing.
        }
        db.close();
        break;
      case 'ping':
        break;
    }
    return { rows: [] };
  };

  port.on('message', (request: WriterRequest) => {
    try {
      port.postMessage({ id: request.id, result: answer(request) });
    } catch (error) {
      fail(request.id, error);
    }
    if (request.op === 'close') port.close();
  });
}
