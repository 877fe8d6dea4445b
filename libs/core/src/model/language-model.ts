import type { JsonObject } from '../json/json-value.js';
import type { AssistantPart, ProviderMetadata } from '../messages/part.js';
import type { Message } from '../messages/message.js';
import type { FinishReason } from './finish-reason.js';
import type { TokenLogProbability } from './log-probability.js';
import type { ModelStreamPart } from './stream-part.js';
import type { Usage } from './usage.js';
import type { Warning } from './warning.js';

/** What a model is told about a tool. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema 2020-12 of the arguments; always of type object. */
  readonly inputSchema: JsonObject;
  /** Ask the provider to hold the model to the schema, where it can. */
  readonly strict?: boolean;
}

/** Which tools the model may or must call. */
export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly toolName: string };

/** The form that the answer must have. */
export type ResponseFormat =
  | { readonly type: 'text' }
  | {
      readonly type: 'json';
      /** JSON Schema of the answer; any JSON when absent. */
      readonly schema?: JsonObject;
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
    };

/** One call of a language model. */
export interface LanguageModelCallOptions {
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  /** `false` asks the model for one tool call at most in a turn. */
  readonly parallelToolCalls?: boolean;
  /** Units: tokens. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly stopSequences?: readonly string[];
  readonly seed?: number;
  /**
   * Tells how likely the model found each token of its text, with so many likelier or other tokens beside it; 0: the
   * token alone. Only for models whose limits say that they tell it.
   */
  readonly logProbabilities?: number;
  readonly responseFormat?: ResponseFormat;
  readonly reasoningEffort?: 'none' | 'minimal' | 'low' | 'medium' | 'high';
  readonly abortSignal?: AbortSignal;
  /** Extra HTTP headers for adapters that speak HTTP. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Options that only one provider understands, by provider name. */
  readonly providerOptions?: ProviderMetadata;
}

/** What was sent and what came back, for inspection; no keys in it. */
export interface ModelExchange {
  /** The body as sent. */
  readonly requestBody?: unknown;
  readonly responseId?: string;
  readonly responseModelId?: string;
}

/** A whole answer. */
export interface LanguageModelResult {
  readonly content: readonly AssistantPart[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
  readonly exchange: ModelExchange;
  /** Of the tokens of the text, where the call asks for them. */
  readonly logProbabilities?: readonly TokenLogProbability[];
  readonly providerMetadata?: ProviderMetadata;
}

/** A streamed answer. */
export interface LanguageModelStreamResult {
  /**
   * The answer's events; iterate once. Leaving the loop early cancels the call. A fault on the way is thrown by the
   * iterator as a typed error that holds what was received.
   */
  readonly stream: AsyncIterable<ModelStreamPart>;
  readonly exchange: ModelExchange;
}

/** What a model can and cannot do, as data. */
export interface LanguageModelLimits {
  /** Units: tokens, input and output together. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  readonly supportsTools: boolean;
  readonly supportsImages: boolean;
  readonly supportsFiles: boolean;
  readonly supportsJsonSchema: boolean;
  /** Absent: it does not. */
  readonly supportsLogProbabilities?: boolean;
}

/**
 * A model that continues a conversation.
 *
 * Adapters honour every option or return a warning for it, retry only what is safe, and never retry an abort.
 */
export interface LanguageModel {
  readonly specificationVersion: 'v1';
  /** Who answers, `openai`, `espalier`; used in telemetry and as key of provider options. */
  readonly provider: string;
  readonly modelId: string;
  readonly limits: LanguageModelLimits;
  /** Resolves to the whole answer. */
  doGenerate(options: LanguageModelCallOptions): Promise<LanguageModelResult>;
  /** Resolves once the answer has begun. */
  doStream(options: LanguageModelCallOptions): Promise<LanguageModelStreamResult>;
  /**
   * The number of input tokens that a call would take, where the model or its provider can tell.
   *
   * Units: tokens.
   */
  countTokens?(
    options: Pick<LanguageModelCallOptions, 'messages' | 'tools' | 'abortSignal'>,
  ): Promise<number>;
}
