/** Settles as `work` does, or rejects with the signal's reason as soon as it is aborted, whatever `work` does then. */
export async function untilAborted<Result>(
  work: Promise<Result>,
  abortSignal: AbortSignal,
): Promise<Result> {
  // Its outcome no longer matters after an abort, but must not surface as unhandled.
  work.catch(() => undefined);
  abortSignal.throwIfAborted();
  let stopListening = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      reject(abortSignal.reason as Error);
    };
    abortSignal.addEventListener('abort', onAbort, { once: true });
    stopListening = () => {
      abortSignal.removeEventListener('abort', onAbort);
    };
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stopListening();
  }
}
