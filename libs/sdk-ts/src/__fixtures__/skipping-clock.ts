import type { Clock } from '@espalier/protocol';

/** A clock whose sleeps cost no time but are written down, and whose timers fire only when a test says so. */
export interface SkippingClock extends Clock {
  /** What was slept, in order. Units: ms. */
  readonly sleeps: number[];
  /** Waits until a timer of exactly `ms` is set, then fires it. */
  fireTimer(ms: number): Promise<void>;
  /** How many timers are set. */
  readonly pending: number;
}

export function createSkippingClock(): SkippingClock {
  const startMs = Date.UTC(2026, 0, 1);
  let elapsedMs = 0;
  const sleeps: number[] = [];
  const timers = new Set<{ ms: number; callback: () => void }>();
  return {
    sleeps,
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    async sleep(ms, options) {
      options?.abortSignal?.throwIfAborted();
      sleeps.push(ms);
      elapsedMs += ms;
    },
    setTimer(ms, callback) {
      const timer = { ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async fireTimer(ms) {
      for (;;) {
        const timer = [...timers].find((candidate) => candidate.ms === ms);
        if (timer !== undefined) {
          timers.delete(timer);
          timer.callback();
          return;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    get pending() {
      return timers.size;
    },
  };
}
