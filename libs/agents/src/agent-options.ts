import type {
  Clock,
  Guardrails,
  IdGenerator,
  LanguageModel,
  Logger,
  Retriever,
  Telemetry,
  Tool,
} from '@espalier/core';
import type { PriceList } from './token-prices.js';

/** Where an agent finds evidence, and when it looks. */
export interface AgentRetrieval {
  readonly retriever: Retriever;
  /** The most passages of one search. Default 6. */
  readonly topK?: number;
  /**
   * `always`: before the first step, with the last user message as query. `tool`: the model searches itself, with the
   * tool `search_documents`. Default `always`, also for models that cannot call tools.
   */
  readonly when?: 'always' | 'tool';
}

/** Where an agent stops by itself. */
export interface AgentLimits {
  /** The most model calls of a run. Default 10. */
  readonly maxSteps?: number;
  /** No further step begins once this is spent. Needs `prices`. Units: US dollars. */
  readonly maxCostUsd?: number;
  /** How often a run asks the model anew because a rail stopped its answer and said what to change. Default 2. */
  readonly maxReasks?: number;
}

/** What `createAgent` takes. */
export interface AgentOptions {
  readonly name: string;
  readonly description: string;
  /** Sent as the first system message, unchanged; nothing else is added to it. */
  readonly instructions?: string;
  readonly model: LanguageModel;
  readonly tools?: readonly Tool[];
  readonly retrieval?: AgentRetrieval;
  readonly guardrails?: Guardrails;
  readonly limits?: AgentLimits;
  readonly prices?: PriceList;
  readonly clock?: Clock;
  readonly ids?: IdGenerator;
  readonly logger?: Logger;
  readonly telemetry?: Telemetry;
}
