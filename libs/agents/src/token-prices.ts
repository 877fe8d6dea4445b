import type { Usage } from '@espalier/core';

/** What a model's tokens cost. Units: US dollars per million tokens. */
export interface TokenPrices {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
  /** Default: the price of other input. */
  readonly cachedInputUsdPerMillion?: number;
}

/** Prices by model id, or by `provider/modelId` where one id has several prices. */
export type PriceList = Readonly<Record<string, TokenPrices>>;

/** What a usage costs; `undefined` where the list does not know the model. Units: US dollars. */
export function costOf(options: {
  readonly usage: Usage;
  readonly prices: PriceList | undefined;
  readonly provider: string;
  readonly modelId: string;
}): number | undefined {
  const { usage, provider, modelId } = options;
  const prices = options.prices?.[`${provider}/${modelId}`] ?? options.prices?.[modelId];
  if (prices === undefined) return undefined;
  const cached = usage.cachedInputTokens ?? 0;
  const fresh = Math.max(0, (usage.inputTokens ?? 0) - cached);
  const cachedPrice = prices.cachedInputUsdPerMillion ?? prices.inputUsdPerMillion;
  const total =
    fresh * prices.inputUsdPerMillion +
    cached * cachedPrice +
    (usage.outputTokens ?? 0) * prices.outputUsdPerMillion;
  return total / 1_000_000;
}
