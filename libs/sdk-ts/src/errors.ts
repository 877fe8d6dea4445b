import {
  EspalierError,
  truncateValue,
  type ErrorInfo,
  type EspalierErrorOptions,
  type JobObject,
  type Problem,
  type ProblemIssue,
} from '@espalier/protocol';

/**
 * The base of every error that this client throws on purpose.
 *
 * Aborts are not among them: an aborted call rejects with the signal's own reason.
 */
export class EspalierClientError extends EspalierError {
  static override readonly errorName: string = 'EspalierClientError';
}

/** An option given to the client cannot be used; nothing was sent. */
export class ClientOptionsError extends EspalierClientError {
  static override readonly errorName: string = 'ClientOptionsError';

  constructor(options: { option: string; problem: string }) {
    super({
      code: 'ERR_SDK_OPTIONS',
      message: `Option "${options.option}" ${options.problem}`,
      details: { option: options.option },
    });
  }
}

/** The server could not be reached, or the connection broke before the answer was complete. */
export class NetworkError extends EspalierClientError {
  static override readonly errorName: string = 'NetworkError';

  constructor(options: { url: string; cause: unknown }) {
    super({
      code: 'ERR_SDK_NETWORK',
      message: `No complete answer from ${truncateValue(options.url)}: ${reasonOf(options.cause)}. Check that the server runs and that this address reaches it.`,
      cause: options.cause,
      isRetryable: true,
      details: { url: options.url },
    });
  }
}

/** The server did not answer within the time limit. */
export class RequestTimeoutError extends EspalierClientError {
  static override readonly errorName: string = 'RequestTimeoutError';

  constructor(options: { url: string; timeoutMs: number }) {
    super({
      code: 'ERR_SDK_TIMEOUT',
      message: `No answer from ${truncateValue(options.url)} within ${options.timeoutMs} ms. Try again, or raise "timeoutMs".`,
      isRetryable: true,
      details: { url: options.url, timeoutMs: options.timeoutMs },
    });
  }
}

/** The server answered with something that is not this wire: another service, a proxy's page, or another version. */
export class InvalidResponseError extends EspalierClientError {
  static override readonly errorName: string = 'InvalidResponseError';

  constructor(options: { url: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_SDK_INVALID_RESPONSE',
      message: `The answer from ${truncateValue(options.url)} is not what an Espalier server sends: ${options.problem}. Check the address, and that server and client are of the same major version.`,
      cause: options.cause,
      details: { url: options.url },
    });
  }
}

/** The stream of a run or training job broke and could not be continued within the allowed attempts; what it tells of may go on. */
export class StreamInterruptedError extends EspalierClientError {
  static override readonly errorName: string = 'StreamInterruptedError';
  /** The run or training job. */
  readonly runId: string;
  /** The id of the last event that was delivered; `runs.attach` or `training.follow` goes on from there. */
  readonly lastEventId: number;

  constructor(options: {
    runId: string;
    source: 'run' | 'training job';
    lastEventId: number;
    attempts: number;
    cause: unknown;
  }) {
    const method = options.source === 'run' ? 'runs.attach' : 'training.follow';
    super({
      code: 'ERR_SDK_STREAM_INTERRUPTED',
      message: `The stream of ${options.source} ${truncateValue(options.runId)} broke after event ${options.lastEventId}, and ${options.attempts} attempts to continue it brought nothing new: ${reasonOf(options.cause)}. Continue later with ${method}({ id, lastEventId: ${options.lastEventId} }).`,
      cause: options.cause,
      isRetryable: true,
      details: { runId: options.runId, lastEventId: options.lastEventId },
    });
    this.runId = options.runId;
    this.lastEventId = options.lastEventId;
  }
}

/** A run ended without an answer: it failed, was cancelled, or waits for an approval. */
export class RunNotFinishedError extends EspalierClientError {
  static override readonly errorName: string = 'RunNotFinishedError';
  readonly runId: string;
  readonly outcome: 'failed' | 'cancelled' | 'paused';
  /** The server's error; absent when the run was cancelled or paused. */
  readonly error: ErrorInfo | undefined;

  constructor(options: {
    runId: string;
    outcome: 'failed' | 'cancelled' | 'paused';
    error?: ErrorInfo;
  }) {
    const advice = {
      failed: `failed: ${options.error?.message ?? 'no reason was given'}`,
      cancelled: 'was cancelled. Start it again if that was not meant.',
      paused: 'waits for an approval. Decide with runs.approve, then follow it with runs.attach.',
    };
    super({
      code: 'ERR_SDK_RUN_NOT_FINISHED',
      message: `Run ${truncateValue(options.runId)} ${advice[options.outcome]}`,
      isRetryable: options.error?.isRetryable ?? false,
      details: { runId: options.runId, outcome: options.outcome, error: options.error },
    });
    this.runId = options.runId;
    this.outcome = options.outcome;
    this.error = options.error;
  }
}

/** A job that was waited for failed or was cancelled. */
export class JobNotSucceededError extends EspalierClientError {
  static override readonly errorName: string = 'JobNotSucceededError';
  readonly job: JobObject;

  constructor(options: { job: JobObject }) {
    const { job } = options;
    super({
      code: 'ERR_SDK_JOB_NOT_SUCCEEDED',
      message: `Job ${truncateValue(job.id)} (${job.kind}) ${job.status === 'cancelled' ? 'was cancelled' : `failed: ${job.error?.message ?? 'no reason was given'}`}`,
      isRetryable: job.error?.isRetryable ?? false,
      details: { jobId: job.id, status: job.status, error: job.error },
    });
    this.job = job;
  }
}

/** What an {@link ApiError} is made from. */
export interface ApiErrorOptions {
  readonly status: number;
  /** The parsed problem; absent when the body was not `application/problem+json`. */
  readonly problem?: Problem;
  readonly requestId?: string;
  /** What the server asked to wait. Units: ms. */
  readonly retryAfterMs?: number;
  readonly url: string;
}

/**
 * The server refused a request.
 *
 * `code` is the server's own, `ERR_SERVER_NOT_FOUND`; `ERR_SDK_HTTP_STATUS` when the body held none, as when a
 * proxy answered in its place.
 */
export class ApiError extends EspalierClientError {
  static override readonly errorName: string = 'ApiError';
  readonly status: number;
  readonly problem: Problem | undefined;
  /** Finds the request in the server's logs. */
  readonly requestId: string | undefined;
  /** What the server asked to wait. Units: ms. */
  readonly retryAfterMs: number | undefined;

  constructor(options: ApiErrorOptions) {
    super(apiErrorBase(options));
    this.status = options.status;
    this.problem = options.problem;
    this.requestId = options.requestId ?? options.problem?.requestId;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The request does not fit (400, 422); `issues` names each place. */
export class RequestInvalidError extends ApiError {
  static override readonly errorName: string = 'RequestInvalidError';

  /** Each place of the request that does not fit; empty when the server named none. */
  get issues(): readonly ProblemIssue[] {
    return this.problem?.errors ?? [];
  }
}

/** The API key is missing, unknown, expired or revoked (401). */
export class AuthenticationError extends ApiError {
  static override readonly errorName: string = 'AuthenticationError';
}

/** The API key may not do this (403). */
export class PermissionError extends ApiError {
  static override readonly errorName: string = 'PermissionError';
}

/** There is no such thing (404, 410). */
export class NotFoundError extends ApiError {
  static override readonly errorName: string = 'NotFoundError';
}

/** The state of the thing does not allow it now (409). */
export class ConflictError extends ApiError {
  static override readonly errorName: string = 'ConflictError';
}

/** The request is larger than the server takes (413). */
export class TooLargeError extends ApiError {
  static override readonly errorName: string = 'TooLargeError';
}

/** The server cannot read files of this format (415). */
export class UnsupportedFormatError extends ApiError {
  static override readonly errorName: string = 'UnsupportedFormatError';
}

/** Too many requests or a spent budget (429); `retryAfterMs` tells when it may go on. */
export class RateLimitError extends ApiError {
  static override readonly errorName: string = 'RateLimitError';
}

/** The server failed or is not ready (5xx). */
export class ServerError extends ApiError {
  static override readonly errorName: string = 'ServerError';
}

/** Returns the error of an HTTP status, of the class that a caller would handle it by. */
export function apiErrorOf(options: ApiErrorOptions): ApiError {
  const { status } = options;
  if (status === 400 || status === 422) return new RequestInvalidError(options);
  if (status === 401) return new AuthenticationError(options);
  if (status === 403) return new PermissionError(options);
  if (status === 404 || status === 410) return new NotFoundError(options);
  if (status === 409) return new ConflictError(options);
  if (status === 413) return new TooLargeError(options);
  if (status === 415) return new UnsupportedFormatError(options);
  if (status === 429) return new RateLimitError(options);
  if (status >= 500) return new ServerError(options);
  return new ApiError(options);
}

const RETRYABLE_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

function apiErrorBase(options: ApiErrorOptions): EspalierErrorOptions {
  const { problem, status } = options;
  return {
    code: problem?.code ?? 'ERR_SDK_HTTP_STATUS',
    message:
      problem?.detail ??
      `${truncateValue(options.url)} answered with status ${status} and no problem document. Check that the address is that of an Espalier server.`,
    isRetryable: problem?.isRetryable ?? RETRYABLE_STATUSES.has(status),
    details: { status, requestId: options.requestId, ...problem?.details },
  };
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return truncateValue(cause);
  const inner = cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
  return `${cause.message}${inner}`.replace(/\.$/u, '');
}
