import type { Clock, Logger } from '@espalier/core';

/** Work that is done again and again while the server runs. */
export interface Upkeep {
  /** Does everything once now, and again after each interval. Resolves when the first round is over. */
  start(): Promise<void>;
  /** Resolves when no task runs any more. */
  stop(): Promise<void>;
}

/** Creates upkeep over named tasks; a task that fails is logged and done again the next time. */
export function createUpkeep(options: {
  tasks: Readonly<Record<string, () => Promise<unknown>>>;
  /** Units: ms. */
  everyMs: number;
  clock: Clock;
  logger: Logger;
}): Upkeep {
  const { tasks, everyMs, clock, logger } = options;
  let cancelTimer: (() => void) | undefined;
  let isStopped = false;
  let round: Promise<void> = Promise.resolve();

  const work = async (): Promise<void> => {
    for (const [task, run] of Object.entries(tasks)) {
      if (isStopped) return;
      await run().catch((error: unknown) => {
        logger.error('A task of the upkeep failed.', { task, error: String(error) });
      });
    }
  };
  const begin = (): Promise<void> => {
    round = work().finally(() => {
      if (!isStopped) cancelTimer = clock.setTimer(everyMs, () => void begin());
    });
    return round;
  };
  return {
    start: begin,
    async stop() {
      isStopped = true;
      cancelTimer?.();
      await round;
    },
  };
}
