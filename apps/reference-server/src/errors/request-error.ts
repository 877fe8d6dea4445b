import { EspalierError } from '@espalier/core';
import type { ProblemIssue } from '@espalier/protocol';

/** What a {@link RequestError} is made from. */
export interface RequestErrorOptions {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly isRetryable?: boolean;
  readonly cause?: unknown;
  readonly issues?: readonly ProblemIssue[];
  /** Response headers that belong to the error, `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the server refuses, with the HTTP status that says so. */
export class RequestError extends EspalierError {
  static override readonly errorName = 'RequestError';
  readonly status: number;
  readonly issues: readonly ProblemIssue[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: RequestErrorOptions) {
    super({
      code: options.code,
      message: options.message,
      cause: options.cause,
      isRetryable: options.isRetryable ?? false,
    });
    this.status = options.status;
    this.issues = options.issues ?? [];
    this.headers = options.headers ?? {};
  }
}
