import { Worker } from 'node:worker_threads';
import { DatabaseClosedError } from '../errors.js';
import { fromSqliteFault } from './sqlite-errors.js';
import {
  writerWorker,
  type SqliteValue,
  type WriterRequest,
  type WriterResponse,
  type WriterResult,
  type WriterWorkerData,
} from './writer-worker.js';

/** The main thread's side of the thread that writes. */
export interface SqliteWriter {
  /** How the file is journalled, `wal` unless its file system cannot. */
  readonly journalMode: string;
  execute(sql: string, parameters: readonly SqliteValue[]): Promise<WriterResult>;
  control(op: 'begin' | 'commit' | 'rollback' | 'purge' | 'ping'): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly sql: string | undefined;
  readonly resolve: (result: WriterResult) => void;
  readonly reject: (error: Error) => void;
}

type RequestBody = WriterRequest extends infer Request
  ? Request extends WriterRequest
    ? Omit<Request, 'id'>
    : never
  : never;

/** Starts the thread and resolves once it has opened the file. */
export async function openSqliteWriter(data: WriterWorkerData): Promise<SqliteWriter> {
  const source = `(${writerWorker.toString()})(require('node:sqlite'), require('node:worker_threads'));`;
  const worker = new Worker(source, {
    eval: true,
    workerData: data,
    name: 'espalier-sqlite-writer',
    execArgv: [],
    env: {},
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let end: DatabaseClosedError | undefined;
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      resolve();
    });
  });

  const finish = (cause?: unknown): void => {
    end ??= new DatabaseClosedError({ cause });
    for (const { reject } of waiting.values()) reject(end);
    waiting.clear();
  };
  const wait = (id: number, sql?: string): Promise<WriterResult> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { sql, resolve, reject });
      // The thread keeps the process alive only while somebody waits for it.
      worker.ref();
    });

  worker.on('message', (response: WriterResponse) => {
    const asked = waiting.get(response.id);
    waiting.delete(response.id);
    if (waiting.size === 0) worker.unref();
    if (asked === undefined) return;
    if ('result' in response) asked.resolve(response.result);
    else asked.reject(faultOf(response.fault, asked.sql, data.path));
  });
  worker.once('error', finish);
  worker.once('exit', () => {
    finish();
  });

  const send = (body: RequestBody): Promise<WriterResult> => {
    if (end !== undefined) return Promise.reject(end);
    const id = ++lastId;
    const answer = wait(id, body.op === 'execute' ? body.sql : undefined);
    try {
      worker.postMessage({ ...body, id });
    } catch (error) {
      const asked = waiting.get(id);
      waiting.delete(id);
      asked?.reject(
        faultOf({ message: (error as Error).message, errcode: undefined }, asked.sql, data.path),
      );
    }
    return answer;
  };

  const opened = await wait(0);
  return {
    journalMode: String(opened.rows[0]?.['journal_mode']),
    execute: (sql, parameters) => send({ op: 'execute', sql, parameters }),
    async control(op) {
      await send({ op });
    },
    async close() {
      await send({ op: 'close' });
      // The answer has let go of the thread; whoever closes waits for its end too.
      worker.ref();
      await exited;
    },
  };
}

function faultOf(
  fault: { message: string; errcode: number | undefined },
  sql: string | undefined,
  path: string,
): Error {
  return fromSqliteFault(fault, {
    ...(sql === undefined ? { path } : { sql }),
    cause: Object.assign(new Error(fault.message), { errcode: fault.errcode }),
  });
}
