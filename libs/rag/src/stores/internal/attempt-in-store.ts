import { EspalierError, isAbortError } from '@espalier/core';
import { StoreError } from '../../errors.js';

/** Runs an operation of a store; what fails with a foreign error fails with `ERR_RAG_STORE_FAILED`. */
export async function attemptInStore<T>(
  options: { store: string; operation: string; abortSignal?: AbortSignal | undefined },
  work: () => Promise<T> | T,
): Promise<T> {
  const { store, operation, abortSignal } = options;
  try {
    return await work();
  } catch (cause) {
    if (EspalierError.isInstance(cause) || isAbortError(cause)) throw cause;
    // Drivers reject with errors of their own when they are aborted.
    abortSignal?.throwIfAborted();
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError({ store, operation, problem, cause });
  }
}
