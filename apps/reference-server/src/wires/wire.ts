import type {
  AssistantPart,
  Citation,
  FinishReason,
  JsonObject,
  LanguageModelCallOptions,
  ModelStreamPart,
  TokenLogProbability,
  Usage,
} from '@espalier/core';
import type { z } from 'zod';
import type { GuardedText } from './request/guard-input.js';
import type { ForwardFilterOptions, ForwardFilter } from './forward/forward-filter.js';
import type { WireError } from './wire-error.js';
import type { WireName, WireTarget } from './wires-context.js';

/** What an answer on a wire is labelled with. */
export interface AnswerLabel {
  readonly id: string;
  /** As the caller wrote it. */
  readonly modelId: string;
  readonly createdAtMs: number;
  readonly requestId: string;
  newId(prefix: string): string;
  citationUrl(citation: Citation): string;
}

/** A whole answer, before it takes the form of a wire. */
export interface WholeAnswer {
  readonly content: readonly AssistantPart[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  /** Of the tokens of the text, where the call asks for them and the text is as the model wrote it. */
  readonly logProbabilities?: readonly TokenLogProbability[];
}

/** Writes the parts of an answer as the events of a wire; each method returns the text to send, maybe empty. */
export interface StreamEncoder {
  open(): string;
  encode(part: ModelStreamPart): string;
  /** The event that tells that the answer is not whole. */
  fail(error: WireError): string;
}

/** One wire for answers of models: its schema, its mapping to and from core, and what may be forwarded as it is. */
export interface Wire<Body> {
  readonly name: WireName;
  readonly schema: z.ZodType<Body>;
  /** Prefix of the ids of answers. */
  readonly idPrefix: string;
  modelOf(body: Body): string;
  isStream(body: Body): boolean;
  /** The same request for core's `LanguageModel`. */
  toCall(body: Body): LanguageModelCallOptions;
  /** How many answers are to be given at once. Default: 1. */
  countOf?(body: Body): number;
  /** `others`: further answers, where more than one was asked for. */
  toResponse(
    label: AnswerLabel,
    body: Body,
    answer: WholeAnswer,
    others: readonly WholeAnswer[],
  ): object;
  openEncoder(label: AnswerLabel, body: Body): StreamEncoder;
  /** The texts that input rails look at, in the JSON itself. */
  inputTexts(body: JsonObject): GuardedText[];
  /** Set when an upstream of the same wire may be sent the request as it is. */
  readonly forward?: ForwardRules;
}

/** How a wire is forwarded to an upstream that speaks it too. */
export interface ForwardRules {
  readonly targetWire: WireTarget['wire'];
  /** Request headers that the upstream is shown. */
  readonly passedHeaders: readonly string[];
  /** Makes the body what the upstream must see, in place. */
  prepare(body: JsonObject): void;
  openFilter(options: ForwardFilterOptions): ForwardFilter;
}
