import type { Clock, Rail, RailCheckOptions, RailCheckResult } from '@espalier/core';
import { RailContractError, RailFailedError, RailTimeoutError } from '../errors.js';

/** What one call of a rail came to; a fault is a value, because it must stop the text and not the caller. */
export type RailOutcome =
  | { readonly result: RailCheckResult; readonly durationMs: number }
  | { readonly fault: RailFailedError | RailTimeoutError; readonly durationMs: number };

interface RunRailOptions {
  readonly rail: Rail;
  readonly check: RailCheckOptions;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/**
 * Calls a rail within its time budget.
 *
 * A rail that answers at once costs no timer and no microtask. Aborts of the caller are thrown on.
 *
 * @throws {RailContractError} `ERR_GUARDRAILS_RAIL_CONTRACT`: `clearedUntil` is outside the text, or behind the bound.
 */
export function runRail(options: RunRailOptions): RailOutcome | Promise<RailOutcome> {
  const { rail, check, clock } = options;
  const startedMs = clock.monotonic();
  const fail = (cause: unknown): RailOutcome => {
    if (check.abortSignal?.aborted === true) throw check.abortSignal.reason as Error;
    return {
      fault: new RailFailedError({ rail: rail.name, cause }),
      durationMs: clock.monotonic() - startedMs,
    };
  };
  const finish = (result: RailCheckResult): RailOutcome => {
    assertContract(rail, check, result);
    return { result, durationMs: clock.monotonic() - startedMs };
  };
  let answer: RailCheckResult | Promise<RailCheckResult>;
  const budget = createBudget(check.abortSignal);
  try {
    answer = rail.check({
      ...check,
      get abortSignal() {
        return budget.signal();
      },
    });
  } catch (error) {
    return fail(error);
  }
  if (!isThenable(answer)) return finish(answer);
  return within(options, answer, budget).then(finish, (error: unknown) => {
    if (RailTimeoutError.isInstance(error))
      return { fault: error, durationMs: clock.monotonic() - startedMs };
    if (RailContractError.isInstance(error)) throw error;
    return fail(error);
  });
}

interface Budget {
  signal(): AbortSignal;
  expire(reason: unknown): void;
}

/** Derives the signal only for rails that look at it: most answer at once, many times per second. */
function createBudget(parent: AbortSignal | undefined): Budget {
  let controller: AbortController | undefined;
  let signal: AbortSignal | undefined;
  return {
    signal() {
      controller ??= new AbortController();
      signal ??=
        parent === undefined ? controller.signal : AbortSignal.any([parent, controller.signal]);
      return signal;
    },
    expire(reason) {
      controller?.abort(reason);
    },
  };
}

async function within(
  { rail, check, clock, timeoutMs }: RunRailOptions,
  answer: Promise<RailCheckResult>,
  budget: Budget,
): Promise<RailCheckResult> {
  let cleanUp = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    const cancelTimer = Number.isFinite(timeoutMs)
      ? clock.setTimer(timeoutMs, () => {
          const error = new RailTimeoutError({ rail: rail.name, timeoutMs });
          reject(error);
          budget.expire(error);
        })
      : (): void => undefined;
    const onAbort = (): void => {
      reject(check.abortSignal?.reason as Error);
    };
    check.abortSignal?.addEventListener('abort', onAbort, { once: true });
    if (check.abortSignal?.aborted === true) onAbort();
    cleanUp = () => {
      cancelTimer();
      check.abortSignal?.removeEventListener('abort', onAbort);
    };
  });
  try {
    return await Promise.race([answer, stopped]);
  } finally {
    cleanUp();
  }
}

function assertContract(rail: Rail, check: RailCheckOptions, result: RailCheckResult): void {
  const length = check.text.length;
  const { clearedUntil } = result;
  if (!Number.isInteger(clearedUntil) || clearedUntil < 0 || clearedUntil > length) {
    throw new RailContractError({
      rail: rail.name,
      problem: `clearedUntil is ${clearedUntil}, but must be a whole number from 0 to the text's length, ${length}.`,
    });
  }
  if (result.verdict.action === 'block') return;
  if (check.isFinal && clearedUntil !== length) {
    throw new RailContractError({
      rail: rail.name,
      problem: `clearedUntil is ${clearedUntil} of ${length} although the text is whole.`,
    });
  }
  const heldBack = length - Math.max(clearedUntil, check.from ?? 0);
  if (heldBack > rail.maxHoldBack) {
    throw new RailContractError({
      rail: rail.name,
      problem: `it holds back ${heldBack} characters, but its maxHoldBack is ${rail.maxHoldBack}.`,
    });
  }
  if (result.verdict.action === 'allow') return;
  for (const { span } of result.verdict.findings) {
    if (span.start > span.end || span.end > length) {
      throw new RailContractError({
        rail: rail.name,
        problem: `a finding spans ${span.start} to ${span.end} in a text of ${length} characters.`,
      });
    }
  }
}

function isThenable(
  value: RailCheckResult | Promise<RailCheckResult>,
): value is Promise<RailCheckResult> {
  return 'then' in value;
}
