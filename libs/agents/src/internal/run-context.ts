import type {
  AgentCallSettings,
  Citation,
  Clock,
  Guardrails,
  JsonObject,
  LanguageModel,
  Logger,
  Message,
  Telemetry,
  Tool,
  Usage,
} from '@espalier/core';
import type { Attributes, Histogram, Span } from '@opentelemetry/api';
import type { AgentRetrieval } from '../agent-options.js';
import type { PriceList } from '../token-prices.js';
import type { PassageBook } from './passage-book.js';

/** A span that its opener ends, and under which work can be done. */
export interface OpenSpan {
  readonly span: Span;
  run<Result>(work: () => Result): Result;
  fail(error: unknown): void;
}

/** The metrics of model calls. */
export interface ChatMetrics {
  readonly tokens: Histogram;
  readonly duration: Histogram;
}

/** What all parts of one run share. */
export interface RunContext {
  readonly runId: string;
  readonly agentName: string;
  readonly instructions: string | undefined;
  readonly model: LanguageModel;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly retrieval: AgentRetrieval | undefined;
  /** Whether the model searches by itself. */
  readonly hasSearchTool: boolean;
  readonly guardrails: Guardrails | undefined;
  readonly maxSteps: number;
  readonly maxCostUsd: number | undefined;
  readonly prices: PriceList | undefined;
  readonly settings: AgentCallSettings;
  readonly principals: readonly string[] | undefined;
  readonly metadata: JsonObject | undefined;
  readonly abortSignal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly metrics: ChatMetrics;
  /** Opens a span under the run's own. */
  openSpan(name: string, attributes: Attributes): OpenSpan;
  readonly passages: PassageBook;
  /** The conversation so far, with the evidence that was added to it and without the instructions. */
  readonly messages: Message[];
  readonly inputMessageCount: number;
  readonly citations: Citation[];
  /** When this process began to work on the run; on the clock's monotonic scale. */
  readonly startedMs: number;
  /** How often the model may still be asked anew. */
  reasksLeft: number;
  /** What a rail wants changed about the answer that it stopped; goes to the model with the next call only. */
  feedback: string | undefined;
  step: number;
  usage: Usage;
  costUsd: number | undefined;
}
