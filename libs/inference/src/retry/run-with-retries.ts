import { isAbortError, type Clock, type Random } from '@espalier/core';
import { ModelCallError, type FailedAttempt } from '../errors.js';
import type { RetryPolicy } from './retry-policy.js';

/** What one try may know. */
export interface AttemptContext {
  /** From 1. */
  readonly attempt: number;
  /** What is left of the whole call's time. Units: ms. */
  readonly remainingMs: number;
}

/** What {@link runWithRetries} needs. */
export interface RetryOptions {
  readonly policy: RetryPolicy;
  /** Time for all tries and waits together. Units: ms. */
  readonly totalMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly abortSignal?: AbortSignal | undefined;
}

/**
 * Runs `work` until it succeeds, fails for good, or the tries or the time are used up.
 *
 * Only an error that says `isRetryable` is tried again; `work` must fail so only while nothing of its result has been
 * used. Waits double with each try and vary by half at random; a Retry-After is kept to and never shortened. Where the
 * next wait would pass the time limit, the error is thrown at once. Aborts are thrown as they are.
 * The error thrown holds the earlier failures in `attempts`.
 */
export async function runWithRetries<Result>(
  work: (context: AttemptContext) => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { policy, clock } = options;
  const startMs = clock.monotonic();
  const failures: FailedAttempt[] = [];
  for (let attempt = 1; ; attempt += 1) {
    options.abortSignal?.throwIfAborted();
    const elapsedMs = clock.monotonic() - startMs;
    try {
      return await work({ attempt, remainingMs: Math.max(0, options.totalMs - elapsedMs) });
    } catch (error) {
      options.abortSignal?.throwIfAborted();
      if (isAbortError(error) || !ModelCallError.isInstance(error)) throw error;
      const afterMs = clock.monotonic() - startMs;
      const delayMs = delayBefore(attempt, error.retryAfterMs, policy, options.random);
      const isLast =
        attempt > policy.maxRetries || !error.isRetryable || afterMs + delayMs >= options.totalMs;
      if (isLast) throw error.withAttempts(failures);
      failures.push({ code: error.code, message: error.message, afterMs });
      await clock.sleep(
        delayMs,
        options.abortSignal === undefined ? {} : { abortSignal: options.abortSignal },
      );
    }
  }
}

function delayBefore(
  attempt: number,
  retryAfterMs: number | undefined,
  policy: RetryPolicy,
  random: Random,
): number {
  const backoff = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
  const jittered = backoff * (0.5 + random.next() / 2);
  // On top of a Retry-After some jitter stays, or all who were told the same second come back in it.
  return retryAfterMs === undefined
    ? jittered
    : retryAfterMs + (jittered * Math.min(1, retryAfterMs / 1000)) / 4;
}
