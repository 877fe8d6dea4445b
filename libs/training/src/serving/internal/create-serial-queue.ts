/** Lets one piece of work at a time go on, in the order of asking. */
export interface SerialQueue {
  /** Resolves when it is the caller's turn, to what ends the turn. */
  acquire(abortSignal?: AbortSignal): Promise<() => void>;
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Creates a queue in which nobody waits. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<void> = Promise.resolve();
  const acquire: SerialQueue['acquire'] = async (abortSignal) => {
    const before = last;
    let release = (): void => undefined;
    last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    if (abortSignal?.aborted === true) {
      release();
      abortSignal.throwIfAborted();
    }
    return release;
  };
  return {
    acquire,
    async run(work) {
      const release = await acquire();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
