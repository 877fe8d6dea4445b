import type { Rail } from '@espalier/core';

/** Lets rails load what they need before they look at a text. */
export interface RailPreparation {
  /** Resolves once these rails have loaded, or failed to; `undefined` where there is nothing to wait for. */
  before(rails: readonly Rail[], abortSignal: AbortSignal | undefined): Promise<void> | undefined;
  /** Whether none of these rails has anything left to load. */
  isDone(rails: readonly Rail[]): boolean;
  /** Fails with the first rail that cannot load, after all have been tried. */
  all(rails: readonly Rail[]): Promise<void>;
}

/** Creates the preparation of the rails of one composition; what has failed is tried again with the next text. */
export function createRailPreparation(): RailPreparation {
  const ready = new WeakSet<Rail>();
  const isWaiting = (rail: Rail): boolean => rail.prepare !== undefined && !ready.has(rail);
  const waiting = (rails: readonly Rail[]): readonly Rail[] => rails.filter(isWaiting);
  const prepare = async (rail: Rail): Promise<void> => {
    await rail.prepare?.();
    ready.add(rail);
  };
  return {
    before(rails, abortSignal) {
      const missing = waiting(rails);
      if (missing.length === 0) return undefined;
      // A rail that cannot load stops the text itself when it is asked.
      return untilAborted(
        Promise.allSettled(missing.map(prepare)).then(() => undefined),
        abortSignal,
      );
    },
    isDone: (rails) => !rails.some(isWaiting),
    async all(rails) {
      const outcomes = await Promise.allSettled(waiting(rails).map(prepare));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

/** Waits for work that others wait for too, and that therefore cannot be aborted itself. */
async function untilAborted(
  work: Promise<void>,
  abortSignal: AbortSignal | undefined,
): Promise<void> {
  if (abortSignal === undefined) return work;
  abortSignal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(abortSignal.reason as Error);
  };
  abortSignal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    abortSignal.removeEventListener('abort', onAbort);
  }
}
