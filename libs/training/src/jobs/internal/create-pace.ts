import type { TrainingPace } from '../training-process-messages.js';

/** Measures how fast the steps of this process go. */
export function createPace(options: {
  readonly totalSteps: number;
  /** Units: ms. */
  readonly now: () => number;
}): { step(event: { readonly step: number; readonly tokens: number }): TrainingPace } {
  let began: { step: number; atMs: number } | undefined;
  let lastMs = 0;
  return {
    step({ step, tokens }) {
      const nowMs = options.now();
      const memory = process.memoryUsage.rss();
      if (began === undefined) {
        // The first step also compiles.
        began = { step, atMs: nowMs };
        lastMs = nowMs;
        return { tokens_per_second: null, memory_bytes: memory, eta_seconds: null };
      }
      const tookMs = nowMs - lastMs;
      lastMs = nowMs;
      const perStep = (nowMs - began.atMs) / (step - began.step);
      return {
        tokens_per_second: tookMs > 0 ? (tokens * 1000) / tookMs : null,
        memory_bytes: memory,
        eta_seconds: (perStep * (options.totalSteps - step)) / 1000,
      };
    },
  };
}
