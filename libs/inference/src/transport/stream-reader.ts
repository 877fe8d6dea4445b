import type { ModelStreamPart } from '@espalier/core';
import type { StreamFault } from '../errors.js';
import type { SseEvent } from './read-sse-events.js';

/** Turns the events of one provider's stream into parts; holds the state of one stream. */
export interface StreamReader {
  /**
   * Returns the parts that an event completes.
   *
   * @throws {StreamFaultError} The event cannot be read, or tells of a failure.
   */
  read(event: SseEvent): readonly ModelStreamPart[];
  /** Whether the provider said that nothing more comes. */
  readonly isDone: boolean;
  /** Returns the last parts, `finish` among them, once the stream has ended; `undefined` when the answer is not whole. */
  finish(): readonly ModelStreamPart[] | undefined;
}

/** Carries a stream's fault from where it is seen to where what was received is known. */
export class StreamFaultError extends Error {
  readonly fault: StreamFault;
  readonly isRetryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(options: {
    fault: StreamFault;
    problem: string;
    isRetryable?: boolean;
    cause?: unknown;
    details?: Readonly<Record<string, unknown>>;
  }) {
    super(options.problem, { cause: options.cause });
    this.fault = options.fault;
    this.isRetryable = options.isRetryable ?? true;
    this.details = options.details ?? {};
  }
}
