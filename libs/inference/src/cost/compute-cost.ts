import type { Usage } from '@espalier/core';

/** What a model costs. Units: US dollars per million tokens. */
export interface ModelPrice {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
  /** For input read from the provider's cache. Default: as other input. */
  readonly cachedInputUsdPerMillion?: number;
}

/** Returns what a usage costs at a price; counts that are absent cost nothing. Units: US dollars. */
export function computeCost(usage: Usage, price: ModelPrice): number {
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens ?? 0);
  const fresh = (usage.inputTokens ?? 0) - cached;
  const cachedPrice = price.cachedInputUsdPerMillion ?? price.inputUsdPerMillion;
  return (
    (fresh * price.inputUsdPerMillion +
      cached * cachedPrice +
      (usage.outputTokens ?? 0) * price.outputUsdPerMillion) /
    1e6
  );
}
