import type { Clock } from '@espalier/core';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /**
   * Moves time on, firing what falls due on the way in order of time, and lets promises settle between the timers.
   *
   * Units: ms.
   */
  advance(ms: number): Promise<void>;
  /** Moves on to the next timer, if there is one; resolves to whether there was. */
  advanceToNext(): Promise<boolean>;
  /** How many timers and sleepers wait. */
  readonly pending: number;
}

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Lets everything that is ready run: promise jobs and one turn of the event loop for I/O. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Creates a clock that stands at `startMs` (default: 2026-01-01T00:00:00Z). */
export function createFakeClock(options: { startMs?: number } = {}): FakeClock {
  const startMs = options.startMs ?? Date.UTC(2026, 0, 1);
  let elapsedMs = 0;
  let count = 0;
  const timers = new Set<Timer>();

  const setTimer = (ms: number, callback: () => void): (() => void) => {
    const timer: Timer = { dueMs: elapsedMs + Math.max(0, ms), order: count++, fire: callback };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };

  const nextTimer = (): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order)
      ) {
        next = timer;
      }
    }
    return next;
  };

  const fire = async (timer: Timer): Promise<void> => {
    timers.delete(timer);
    elapsedMs = Math.max(elapsedMs, timer.dueMs);
    timer.fire();
    await settle();
  };

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    setTimer,
    sleep: (ms, sleepOptions) =>
      new Promise((resolve, reject) => {
        const abortSignal = sleepOptions?.abortSignal;
        if (abortSignal?.aborted === true) {
          reject(abortSignal.reason as Error);
          return;
        }
        const onAbort = (): void => {
          cancel();
          reject(abortSignal?.reason as Error);
        };
        const cancel = setTimer(ms, () => {
          abortSignal?.removeEventListener('abort', onAbort);
          resolve();
        });
        abortSignal?.addEventListener('abort', onAbort, { once: true });
      }),
    async advance(ms) {
      await settle();
      const untilMs = elapsedMs + ms;
      for (
        let next = nextTimer();
        next !== undefined && next.dueMs <= untilMs;
        next = nextTimer()
      ) {
        await fire(next);
      }
      elapsedMs = untilMs;
      await settle();
    },
    async advanceToNext() {
      await settle();
      const next = nextTimer();
      if (next !== undefined) await fire(next);
      return next !== undefined;
    },
    get pending() {
      return timers.size;
    },
  };
}
