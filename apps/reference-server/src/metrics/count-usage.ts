import type { UsageStore } from '../state/usage-store.js';
import type { Metrics } from './metrics.js';

/** Returns the same store, with the tokens of every entry counted. */
export function countUsage(usage: UsageStore, metrics: Metrics): UsageStore {
  return {
    ...usage,
    record(entry) {
      const { inputTokens = 0, outputTokens = 0 } = entry.usage;
      const count = (direction: string, tokens: number): void => {
        if (tokens > 0)
          metrics.increment('espalier_tokens_total', { model: entry.modelId, direction }, tokens);
      };
      count('input', inputTokens);
      count('output', outputTokens);
      usage.record(entry);
    },
  };
}
