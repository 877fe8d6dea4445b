/** Runs one piece of work at a time, in the order asked for. */
export interface Mutex {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Creates a mutex that is free. */
export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(work) {
      const result = last.then(work, work);
      last = result.catch(() => undefined);
      return result;
    },
  };
}
