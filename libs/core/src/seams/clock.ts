/** Time as libraries see it, so that tests can hold it. */
export interface Clock {
  /** Units: ms since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Never goes back. Units: ms from an arbitrary start, fractions included. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason on abort. */
  sleep(ms: number, options?: { abortSignal?: AbortSignal }): Promise<void>;
  /** Calls back once after `ms`, unless cancelled by the function returned. Does not keep a Node process alive. */
  setTimer(ms: number, callback: () => void): () => void;
}

/** The clock of the machine. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, options) => sleepFor(ms, options?.abortSignal),
    setTimer(ms, callback) {
      const timer: unknown = setTimeout(callback, ms);
      if (hasUnref(timer)) timer.unref();
      return () => {
        clearTimeout(timer as ReturnType<typeof setTimeout>);
      };
    },
  };
}

function sleepFor(ms: number, abortSignal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (abortSignal?.aborted === true) {
      reject(abortSignal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(abortSignal?.reason as Error);
    };
    const timer = setTimeout(() => {
      abortSignal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    abortSignal?.addEventListener('abort', onAbort, { once: true });
  });
}

function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer;
}
