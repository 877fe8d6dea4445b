import type { LanguageModel, Usage, Warning } from '@espalier/core';

/** What every step needs that asks a language model about a query. */
export interface QueryModelOptions {
  readonly model: LanguageModel;
  readonly query: string;
  readonly abortSignal?: AbortSignal;
}

/** What a step took; where the model gave nothing usable, a warning says so and the query stands as it was. */
export interface QueryModelCost {
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}
