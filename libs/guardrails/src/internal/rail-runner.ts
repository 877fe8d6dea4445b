import type { Clock, Rail, RailCheckOptions, RailCheckResult } from '@espalier/core';
import { RailContractError, RailFailedError, RailTimeoutError } from '../errors.js';

/** What one call of a rail came to; a fault is a value, because it must stop the text and not the caller. */
export type RailOutcome =
  | { readonly result: RailCheckResult; readonly durationMs: number }
  | { readonly fault: RailFailedError | RailTimeoutError; readonly durationMs: number };

/** What is settled for one rail of a composition. */
export interface RailSettings {
  /** What a rail that throws or is late comes to. Default `block`: nothing goes on that was not checked. */
  readonly onFault?: 'block' | 'allow';
  /** Whether its verdicts are recorded only. Default `false`. */
  readonly isDryRun?: boolean;
  /** How long one look may take; default the composition's. Units: ms. */
  readonly timeoutMs?: number;
}

/** What the calls of one text have in common. */
export interface RailBudget {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** How long all looks at this text may take together. Units: ms. */
  readonly budgetMs: number;
  /** What of it is spent. */
  spentMs: number;
  /** Aborted by the caller, or once a rail has taken too long: then the text is stopped anyway. */
  readonly abortSignal: AbortSignal;
  expire(reason: RailTimeoutError): void;
}

/** What a budget is made of. */
export interface RailBudgetOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly budgetMs: number;
  readonly abortSignal?: AbortSignal | undefined;
}

/** Creates the budget of one text. */
export function createRailBudget(options: RailBudgetOptions): RailBudget {
  return new TextBudget(options);
}

class TextBudget implements RailBudget {
  spentMs = 0;
  readonly #options: RailBudgetOptions;
  // Made when first asked for: most rails answer at once and never look.
  #expiry: AbortController | undefined;
  #abortSignal: AbortSignal | undefined;

  constructor(options: RailBudgetOptions) {
    this.#options = options;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  get budgetMs(): number {
    return this.#options.budgetMs;
  }

  get abortSignal(): AbortSignal {
    return (this.#abortSignal ??= this.#makeSignal());
  }

  expire(reason: RailTimeoutError): void {
    (this.#expiry ??= new AbortController()).abort(reason);
  }

  #makeSignal(): AbortSignal {
    const { signal } = (this.#expiry ??= new AbortController());
    const { abortSignal } = this.#options;
    return abortSignal === undefined ? signal : AbortSignal.any([abortSignal, signal]);
  }
}

/**
 * Calls a rail within its time budget.
 *
 * A rail that answers at once costs no timer and no microtask. Aborts of the caller are thrown on.
 *
 * @throws {RailContractError} `ERR_GUARDRAILS_RAIL_CONTRACT`: `clearedUntil` is outside the text, or behind the bound.
 */
export function runRail(
  rail: Rail,
  check: RailCheckOptions,
  budget: RailBudget,
  settings: RailSettings = {},
): RailOutcome | Promise<RailOutcome> {
  const startedMs = budget.clock.monotonic();
  let answer: RailCheckResult | Promise<RailCheckResult>;
  try {
    answer = rail.check(check);
  } catch (error) {
    return toFault(rail, error, budget, startedMs);
  }
  if (isThenable(answer)) return runSlowRail({ rail, check, budget, settings, answer, startedMs });
  assertContract(rail, check, answer);
  return { result: answer, durationMs: budget.clock.monotonic() - startedMs };
}

async function runSlowRail(options: {
  readonly rail: Rail;
  readonly check: RailCheckOptions;
  readonly budget: RailBudget;
  readonly settings: RailSettings;
  readonly answer: Promise<RailCheckResult>;
  readonly startedMs: number;
}): Promise<RailOutcome> {
  const { rail, check, budget, startedMs } = options;
  let result: RailCheckResult;
  try {
    result = await within(rail, budget, options.settings, options.answer);
  } catch (error) {
    return toFault(rail, error, budget, startedMs);
  }
  assertContract(rail, check, result);
  return { result, durationMs: budget.clock.monotonic() - startedMs };
}

function toFault(
  rail: Rail,
  error: unknown,
  { abortSignal, clock }: RailBudget,
  startedMs: number,
): RailOutcome {
  const durationMs = clock.monotonic() - startedMs;
  if (RailTimeoutError.isInstance(error)) return { fault: error, durationMs };
  if (abortSignal.aborted) {
    // Another rail's time-out stops this one too; an abort of the caller is the caller's.
    const reason: unknown = abortSignal.reason;
    if (RailTimeoutError.isInstance(reason)) return { fault: reason, durationMs };
    throw reason as Error;
  }
  return { fault: new RailFailedError({ rail: rail.name, cause: error }), durationMs };
}

async function within(
  rail: Rail,
  budget: RailBudget,
  settings: RailSettings,
  answer: Promise<RailCheckResult>,
): Promise<RailCheckResult> {
  const { clock, abortSignal } = budget;
  const left = Math.max(0, budget.budgetMs - budget.spentMs);
  const timeoutMs = Math.min(settings.timeoutMs ?? budget.timeoutMs, left);
  // Whose lateness stops nothing must stop no other rail either.
  const isLenient = settings.onFault === 'allow' || settings.isDryRun === true;
  let cleanUp = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    const cancelTimer = Number.isFinite(timeoutMs)
      ? clock.setTimer(timeoutMs, () => {
          const error = new RailTimeoutError({ rail: rail.name, timeoutMs });
          reject(error);
          if (!isLenient) budget.expire(error);
        })
      : (): void => undefined;
    const onAbort = (): void => {
      reject(abortSignal.reason as Error);
    };
    abortSignal.addEventListener('abort', onAbort, { once: true });
    if (abortSignal.aborted) onAbort();
    cleanUp = () => {
      cancelTimer();
      abortSignal.removeEventListener('abort', onAbort);
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
