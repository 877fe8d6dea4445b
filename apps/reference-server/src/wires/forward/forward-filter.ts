import type { Guardrails, JsonObject, Usage } from '@espalier/core';
import type { WireError } from '../wire-error.js';
import type { SseEvent } from './sse-splitter.js';

/** What a filter must know of the request. */
export interface ForwardFilterOptions {
  /** The name that the caller knows the model by. */
  readonly modelId: string;
  readonly requestId: string;
  /** Present when rails look at the output. */
  readonly guardrails?: Guardrails;
  /** The request's body as the caller sent it. */
  readonly body: JsonObject;
}

/** Looks at an upstream's answer on its way to the caller: names, rails, usage, and whether it is whole. */
export interface ForwardFilter {
  /** Changes a whole answer in place. */
  answer(answer: JsonObject): Promise<void>;
  /**
   * The text to send for some events that came together.
   *
   * @throws {WireError} `ERR_WIRE_UPSTREAM_GARBAGE`: an event is not what the wire promises.
   */
  events(events: readonly SseEvent[]): string | Promise<string>;
  /** Called when the upstream has closed; the text that is missing to the end of the stream. */
  close(): Promise<string>;
  /** Whether everything of a stream has been sent; what follows is dropped. */
  readonly isComplete: boolean;
  /** Whether a rail stopped the answer. */
  readonly isBlocked: boolean;
  /** Whether the upstream said that it failed, and the caller has been told. */
  readonly hasFailed: boolean;
  readonly usage: Usage;
  /** The event that tells a caller that the stream is not whole. */
  fail(error: WireError): string;
}
