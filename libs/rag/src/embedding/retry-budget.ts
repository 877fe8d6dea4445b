import { EspalierError, isAbortError, type Clock, type Random } from '@espalier/core';

/** How often and how long failed calls are repeated. */
export interface EmbeddingRetryOptions {
  /** Tries of one call, the first included. Default 4. */
  readonly maxAttempts?: number;
  /** Repeats of all calls of one batch together. Default 8. */
  readonly maxRetries?: number;
  /** The pause before the first repeat; it doubles from then on. Units: ms. Default 500. */
  readonly backoffMs?: number;
  /** The longest pause, whatever the provider asks for. Units: ms. Default 30000. */
  readonly maxPauseMs?: number;
}

/** Repeats calls that may succeed later, for as long as its budget lasts. */
export interface RetryBudget {
  run<T>(work: () => Promise<T>, abortSignal: AbortSignal | undefined): Promise<T>;
}

/** Creates a full budget. */
export function createRetryBudget(options: {
  retry: EmbeddingRetryOptions | undefined;
  clock: Clock;
  random: Random;
}): RetryBudget {
  const { clock, random } = options;
  const {
    maxAttempts = 4,
    maxRetries = 8,
    backoffMs = 500,
    maxPauseMs = 30_000,
  } = options.retry ?? {};
  let left = maxRetries;
  return {
    async run(work, abortSignal) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await work();
        } catch (error) {
          const isFinal = attempt >= maxAttempts || left <= 0;
          if (isAbortError(error) || isFinal || !isRetryable(error)) throw error;
          left -= 1;
          const grown = backoffMs * 2 ** (attempt - 1) * (0.5 + random.next() / 2);
          const pauseMs = Math.min(maxPauseMs, Math.max(grown, askedPauseMs(error)));
          await clock.sleep(pauseMs, abortSignal === undefined ? {} : { abortSignal });
        }
      }
    },
  };
}

function isRetryable(error: unknown): boolean {
  return EspalierError.isInstance(error) && error.isRetryable;
}

/** What a provider asked for, as adapters note it. */
function askedPauseMs(error: unknown): number {
  const asked = (error as { retryAfterMs?: unknown }).retryAfterMs;
  return typeof asked === 'number' && Number.isFinite(asked) ? asked : 0;
}
