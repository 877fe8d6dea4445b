import type { Logger } from '@espalier/core';

/** What must be closed when the server stops, the last opened first. */
export interface Closers {
  add(...closers: readonly (() => Promise<unknown>)[]): void;
  /** Closes everything; one that fails is logged and holds no other back. */
  closeAll(): Promise<void>;
}

/** Creates an empty list of closers. */
export function createClosers(logger: Logger): Closers {
  const list: (() => Promise<unknown>)[] = [];
  return {
    add(...closers) {
      list.push(...closers);
    },
    async closeAll() {
      for (const close of list.splice(0).reverse()) {
        await close().catch((error: unknown) => {
          logger.error('A part failed to close.', { error: String(error) });
        });
      }
    },
  };
}
