import type { Clock } from '@espalier/core';

/** Ends one try of a call on the caller's abort or when a time limit passes. */
export interface CallGuard {
  /** Aborts with the caller's reason or with the error of the limit that passed. */
  readonly signal: AbortSignal;
  /** Starts, or starts again, the limit of this name. */
  start(name: string, limitMs: number, makeError: () => Error): void;
  stop(name: string): void;
  /** Settles as `promise` does, or rejects with the signal's reason, whichever is first. */
  race<Result>(promise: Promise<Result>): Promise<Result>;
  /** Stops all limits and cancels what still runs under the signal. */
  close(): void;
}

/** Creates the guard of one try. */
export function createCallGuard(options: {
  clock: Clock;
  abortSignal: AbortSignal | undefined;
}): CallGuard {
  const { clock, abortSignal } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const timers = new Map<string, () => void>();
  const onAbort = (): void => {
    controller.abort(abortSignal?.reason);
  };
  if (abortSignal?.aborted === true) onAbort();
  else abortSignal?.addEventListener('abort', onAbort, { once: true });

  const stop = (name: string): void => {
    timers.get(name)?.();
    timers.delete(name);
  };

  return {
    signal,
    start(name, limitMs, makeError) {
      stop(name);
      timers.set(
        name,
        clock.setTimer(limitMs, () => {
          controller.abort(makeError());
        }),
      );
    },
    stop,
    race: (promise) =>
      new Promise((resolve, reject) => {
        const fail = (): void => {
          reject(signal.reason as Error);
        };
        if (signal.aborted) fail();
        else signal.addEventListener('abort', fail, { once: true });
        promise.then(
          (value) => {
            signal.removeEventListener('abort', fail);
            resolve(value);
          },
          (error: unknown) => {
            signal.removeEventListener('abort', fail);
            reject((signal.aborted ? signal.reason : error) as Error);
          },
        );
      }),
    close() {
      for (const name of [...timers.keys()]) stop(name);
      abortSignal?.removeEventListener('abort', onAbort);
      controller.abort();
    },
  };
}
