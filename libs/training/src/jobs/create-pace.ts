import type { TrainingPace } from './training-process-messages.js';

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Measures how fast the steps of this process go and what they take. */
export function createPace(options: {
  readonly totalSteps: number;
  /** Units: ms. */
  readonly now: () => number;
  /** Time that processors have worked for the process. Units: ms. Default: as the system counts it. */
  readonly busy?: () => number;
}): { step(event: { readonly step: number; readonly tokens: number }): TrainingPace } {
  let began: { step: number; atMs: number } | undefined;
  const busy = options.busy ?? processorTime;
  let lastMs = 0;
  let lastBusyMs = 0;
  return {
    step({ step, tokens }) {
      const nowMs = options.now();
      const busyMs = busy();
      const memory = process.memoryUsage.rss();
      if (began === undefined) {
        // The first step also compiles.
        began = { step, atMs: nowMs };
        lastMs = nowMs;
        lastBusyMs = busyMs;
        return {
          tokens_per_second: null,
          memory_bytes: memory,
          cpu_utilization: null,
          eta_seconds: null,
        };
      }
      const tookMs = nowMs - lastMs;
      const busyForMs = busyMs - lastBusyMs;
      lastMs = nowMs;
      lastBusyMs = busyMs;
      const perStep = (nowMs - began.atMs) / (step - began.step);
      return {
        tokens_per_second: tookMs > 0 ? (tokens * 1000) / tookMs : null,
        memory_bytes: memory,
        cpu_utilization: tookMs > 0 ? busyForMs / tookMs : null,
        eta_seconds: (perStep * (options.totalSteps - step)) / 1000,
      };
    },
  };
}

/** A pace as TensorBoard's scalars. */
export function paceScalars(pace: TrainingPace): Record<string, number> {
  const { memory_bytes, tokens_per_second, cpu_utilization } = pace;
  return {
    'train/memory_bytes': memory_bytes,
    ...(tokens_per_second !== null && { 'train/tokens_per_second': tokens_per_second }),
    ...(cpu_utilization !== null && { 'train/cpu_utilization': cpu_utilization }),
  };
}
