import type { Clock, Random } from '@espalier/protocol';
import type { RetryOptions } from '../client-options.js';
import { ApiError, EspalierClientError } from '../errors.js';

/** What a repeated piece of work runs under. */
export interface RetryContext {
  readonly policy: Required<RetryOptions>;
  readonly clock: Clock;
  readonly random: Random;
  readonly abortSignal: AbortSignal | undefined;
}

/**
 * Runs `work` until it succeeds, fails for good, or the policy is spent; then throws its last error.
 *
 * Only errors with `isRetryable` are repeated. A server's `Retry-After` is kept to, and when it points beyond the
 * total budget the error is thrown at once instead of waiting for nothing.
 */
export async function withRetry<Result>(
  context: RetryContext,
  work: (attempt: number) => Promise<Result>,
): Promise<Result> {
  const { policy, clock } = context;
  const startMs = clock.monotonic();
  for (let attempt = 1; ; attempt += 1) {
    context.abortSignal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      context.abortSignal?.throwIfAborted();
      if (!isRetryable(error) || attempt >= policy.maxAttempts) throw error;
      const delayMs = Math.max(
        backoffMs({ policy, random: context.random, attempt }),
        retryAfterOf(error),
      );
      if (clock.monotonic() - startMs + delayMs > policy.maxTotalMs) throw error;
      await clock.sleep(
        delayMs,
        context.abortSignal === undefined ? {} : { abortSignal: context.abortSignal },
      );
    }
  }
}

/** The wait after failed attempt number `attempt`: it doubles each time, and between half and all of it is random. */
export function backoffMs(options: {
  policy: Required<RetryOptions>;
  random: Random;
  attempt: number;
}): number {
  const { policy, attempt } = options;
  const ceilingMs = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
  return ceilingMs * (0.5 + options.random.next() / 2);
}

/**
 * Reads a `Retry-After` header: seconds or an HTTP date.
 *
 * Units: ms from `nowMs`; `undefined` when there is none or it cannot be read.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(?:\.\d+)?$/u.test(text)) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

function isRetryable(error: unknown): boolean {
  return EspalierClientError.isInstance(error) && error.isRetryable;
}

function retryAfterOf(error: unknown): number {
  return ApiError.isInstance(error) ? (error.retryAfterMs ?? 0) : 0;
}
