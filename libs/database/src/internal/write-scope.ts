import { AsyncLocalStorage } from 'node:async_hooks';
import { DatabaseNestedWriteError } from '../errors.js';

/** Knows whether the caller stands inside a write that has not ended. */
export interface WriteScope {
  /**
   * Runs `work` as a write.
   *
   * @throws {DatabaseNestedWriteError} `ERR_DATABASE_NESTED_WRITE`
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Creates the scope of one database. */
export function createWriteScope(): WriteScope {
  const storage = new AsyncLocalStorage<{ isOpen: boolean }>();
  return {
    async run(work) {
      if (storage.getStore()?.isOpen === true) throw new DatabaseNestedWriteError();
      const scope = { isOpen: true };
      try {
        return await storage.run(scope, work);
      } finally {
        scope.isOpen = false;
      }
    },
  };
}
