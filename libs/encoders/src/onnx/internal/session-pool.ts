import { Worker } from 'node:worker_threads';
import type { Clock } from '@espalier/core';
import { EncoderDisposedError, OnnxRunError, OnnxRuntimeMissingError } from '../../errors.js';
import { WORKER_SOURCE } from './worker-source.js';

const KEPT_ALIVE_MS = 60_000;
const RUNTIME = 'onnxruntime-node';
const DEFAULT_OUTPUT = 'sentence_embedding';

/** Runs one ONNX graph on worker threads. */
export interface SessionPool {
  /** Starts the first session, to know that there is a runtime and that the graph loads. */
  start(): Promise<void>;
  /** The output for one framed sequence of ids, e.g. its sentence vector. Urgent work goes before work that waits. */
  run(
    ids: readonly number[],
    options: {
      isUrgent: boolean;
      abortSignal: AbortSignal | undefined;
      /** For graphs with the input `token_type_ids`; default all 0. */
      typeIds?: readonly number[];
    },
  ): Promise<Float32Array>;
  /** How many sessions are open. */
  readonly size: number;
  /** Lets what runs end, refuses what waits, and frees threads and memory. */
  dispose(): Promise<void>;
}

interface Task {
  readonly ids: Int32Array;
  readonly typeIds: Int32Array | undefined;
  resolve(vector: Float32Array): void;
  reject(error: Error): void;
}

type Answer =
  | { kind: 'ready'; inputs: string[]; outputs: string[] }
  | { kind: 'failed'; reason: 'runtime' | 'graph'; problem: string }
  | { kind: 'done'; data: Float32Array }
  | { kind: 'error'; problem: string };

interface Session {
  readonly worker: Worker;
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  task: Task | undefined;
  isReady: boolean;
  /** When its last task ended. Units: ms on the monotonic clock. */
  idleSinceMs: number;
}

/**
 * Creates a pool of up to `threads` sessions, each on a thread of its own; further ones start when work waits.
 *
 * Idle threads keep no process alive, and end after `idleMs`: what comes later opens a session again.
 */
export function createSessionPool(options: {
  file: string;
  modelId: string;
  threads: number;
  /** The package to load. Default `onnxruntime-node`. */
  runtime?: string;
  /** The output that a run gives. Default `sentence_embedding`. */
  output?: string;
  clock: Clock;
  /** How long a session without work is kept. Default for ever. Units: ms. */
  idleMs?: number | undefined;
}): SessionPool {
  const { file, modelId, threads, clock, idleMs } = options;
  const sessions = new Set<Session>();
  const leaving = new Set<Session>();
  let stopSweep: (() => void) | undefined;
  const urgent: Task[] = [];
  const waiting: Task[] = [];
  let disposal: Promise<void> | undefined;

  const failureOf = (answer: Extract<Answer, { kind: 'failed' }>): Error =>
    answer.reason === 'runtime'
      ? new OnnxRuntimeMissingError({ cause: new Error(answer.problem) })
      : new OnnxRunError({ file, problem: answer.problem });

  const open = (): Session => {
    const worker = new Worker(WORKER_SOURCE, {
      eval: true,
      workerData: {
        file,
        runtime: options.runtime ?? RUNTIME,
        resolveFrom: import.meta.url,
        output: options.output ?? DEFAULT_OUTPUT,
      },
    });
    const started = Promise.withResolvers<undefined>();
    const exited = Promise.withResolvers<undefined>();
    const session: Session = {
      worker,
      ready: started.promise,
      exited: exited.promise,
      task: undefined,
      isReady: false,
      idleSinceMs: clock.monotonic(),
    };
    sessions.add(session);
    const end = (error: Error): void => {
      sessions.delete(session);
      leaving.delete(session);
      started.reject(error);
      session.task?.reject(error);
      session.task = undefined;
      exited.resolve(undefined);
    };
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'ready') {
        session.isReady = true;
        started.resolve(undefined);
      } else if (answer.kind === 'failed') {
        const error = failureOf(answer);
        started.reject(error);
        sessions.delete(session);
        failWaiting(error);
        void worker.terminate();
        return;
      } else {
        const { task } = session;
        session.task = undefined;
        session.idleSinceMs = clock.monotonic();
        if (answer.kind === 'done') task?.resolve(answer.data);
        else task?.reject(new OnnxRunError({ file, problem: answer.problem }));
      }
      next();
    });
    worker.on('error', (cause) => {
      end(
        new OnnxRunError({
          file,
          problem: cause instanceof Error ? cause.message : String(cause),
          cause,
        }),
      );
      next();
    });
    worker.on('exit', (code) => {
      end(
        disposal === undefined
          ? new OnnxRunError({ file, problem: `its thread ended with code ${code}` })
          : new EncoderDisposedError({ modelId }),
      );
    });
    // Whoever waits for the session has the error; without one it is not a crash.
    started.promise.catch(() => undefined);
    return session;
  };

  const failWaiting = (error: Error): void => {
    for (const task of [...urgent.splice(0), ...waiting.splice(0)]) task.reject(error);
  };

  const next = (): void => {
    for (const session of sessions) {
      if (!session.isReady || session.task !== undefined) continue;
      const task = urgent.shift() ?? waiting.shift();
      session.task = task;
      if (task === undefined) session.worker.unref();
      else {
        session.worker.ref();
        session.worker.postMessage({ kind: 'run', ids: task.ids, typeIds: task.typeIds });
      }
    }
    watchIdle();
    const starting = [...sessions].filter(({ isReady }) => !isReady).length;
    if (urgent.length + waiting.length > starting && sessions.size < threads) open();
  };

  /** Closes what has been idle long enough, and looks again when the next one may have been. */
  const watchIdle = (): void => {
    if (idleMs === undefined || stopSweep !== undefined || disposal !== undefined) return;
    const resting = [...sessions].filter(({ isReady, task }) => isReady && task === undefined);
    if (resting.length === 0) return;
    const firstMs = Math.min(...resting.map(({ idleSinceMs }) => idleSinceMs));
    stopSweep = clock.setTimer(Math.max(0, firstMs + idleMs - clock.monotonic()), () => {
      stopSweep = undefined;
      const dueMs = clock.monotonic() - idleMs;
      for (const session of sessions) {
        if (!session.isReady || session.task !== undefined || session.idleSinceMs > dueMs) continue;
        sessions.delete(session);
        leaving.add(session);
        session.worker.postMessage({ kind: 'close' });
      }
      watchIdle();
    });
  };

  const disposeAll = async (): Promise<void> => {
    stopSweep?.();
    failWaiting(new EncoderDisposedError({ modelId }));
    // A thread that was idle keeps no process alive, `ref` or not, once its port closes: without a timer a program with nothing
    // else to do would end here, before what awaits this.
    const alive = setInterval(() => undefined, KEPT_ALIVE_MS);
    try {
      for (const { worker } of sessions) worker.postMessage({ kind: 'close' });
      await Promise.all([...sessions, ...leaving].map(async ({ exited }) => exited));
    } finally {
      clearInterval(alive);
    }
  };

  return {
    async start() {
      if (disposal !== undefined) throw new EncoderDisposedError({ modelId });
      await (sessions.values().next().value ?? open()).ready;
      next();
    },
    run: (ids, { isUrgent, abortSignal, typeIds }) =>
      new Promise((resolve, reject) => {
        if (disposal !== undefined) {
          reject(new EncoderDisposedError({ modelId }));
          return;
        }
        const queue = isUrgent ? urgent : waiting;
        const onAbort = (): void => {
          const position = queue.indexOf(task);
          if (position >= 0) queue.splice(position, 1);
          reject(abortSignal?.reason as Error);
        };
        const settle = (): void => abortSignal?.removeEventListener('abort', onAbort);
        const task: Task = {
          ids: Int32Array.from(ids),
          typeIds: typeIds === undefined ? undefined : Int32Array.from(typeIds),
          resolve: (vector) => {
            settle();
            resolve(vector);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        };
        abortSignal?.addEventListener('abort', onAbort, { once: true });
        queue.push(task);
        next();
      }),
    get size() {
      return sessions.size;
    },
    dispose: () => (disposal ??= disposeAll()),
  };
}
