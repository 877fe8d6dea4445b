/**
 * Whether `error` is an abort or a time-out raised by an `AbortSignal`.
 *
 * Aborts pass through every layer unwrapped and are never retried.
 */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** Throws the signal's reason when it is already aborted. */
export function throwIfAborted(abortSignal: AbortSignal | undefined): void {
  abortSignal?.throwIfAborted();
}
