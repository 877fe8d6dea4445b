/** Hands out one turn at a time, in the order of asking. */
export interface SerialQueue {
  /** Resolves to the function that ends the turn. */
  take(): Promise<() => void>;
  /** Resolves when every turn asked for so far has ended. */
  drained(): Promise<void>;
}

/** Creates a queue with its first turn free. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<void> = Promise.resolve();
  return {
    async take() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const before = last;
      last = before.then(() => promise);
      await before;
      return resolve;
    },
    drained: () => last,
  };
}
