import { EspalierError, truncateValue, type CollectedAnswer } from '@espalier/core';

/** One try of a call that failed. */
export interface FailedAttempt {
  readonly code: string;
  readonly message: string;
  /** Units: ms since the call began. */
  readonly afterMs: number;
}

interface ModelCallErrorOptions {
  readonly code: string;
  readonly message: string;
  readonly provider: string;
  readonly modelId: string;
  readonly cause?: unknown;
  readonly isRetryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The base of every error that a model's provider, or the way to it, causes. */
export class ModelCallError extends EspalierError {
  static override readonly errorName: string = 'ModelCallError';
  readonly provider: string;
  readonly modelId: string;
  /** How long the provider asks to wait before the next try. Units: ms. */
  readonly retryAfterMs: number | undefined;
  #attempts: readonly FailedAttempt[] = [];

  constructor(options: ModelCallErrorOptions & { readonly retryAfterMs?: number | undefined }) {
    super({
      ...options,
      details: {
        provider: options.provider,
        modelId: options.modelId,
        ...(options.retryAfterMs === undefined ? {} : { retryAfterMs: options.retryAfterMs }),
        ...options.details,
      },
    });
    this.provider = options.provider;
    this.modelId = options.modelId;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The tries that failed before this one, first to last. */
  get attempts(): readonly FailedAttempt[] {
    return this.#attempts;
  }

  /** Notes the tries that failed before; the retry loop calls it once. */
  withAttempts(attempts: readonly FailedAttempt[]): this {
    this.#attempts = attempts;
    return this;
  }
}

/** Which model of which provider an error is about. */
export interface ModelIdentity {
  readonly provider: string;
  readonly modelId: string;
}

const nameOf = (model: ModelIdentity): string =>
  `${model.provider} model ${truncateValue(model.modelId)}`;

interface StatusErrorOptions extends ModelIdentity {
  readonly status: number;
  /** What the provider said, as far as it is known. */
  readonly reason: string;
  readonly retryAfterMs?: number | undefined;
  /** The provider's own code of the error. */
  readonly providerCode?: string | undefined;
  readonly cause?: unknown;
}

const statusDetails = (options: StatusErrorOptions): Record<string, unknown> => ({
  status: options.status,
  ...(options.providerCode === undefined ? {} : { providerCode: options.providerCode }),
});

/** The provider did not accept the key (HTTP 401 or 403). */
export class ModelAuthError extends ModelCallError {
  static override readonly errorName = 'ModelAuthError';
  readonly status: number;

  constructor(options: StatusErrorOptions) {
    super({
      code: 'ERR_INFERENCE_AUTH',
      message: `The key was not accepted for ${nameOf(options)} (HTTP ${options.status}): ${options.reason} Check the API key and what it may use.`,
      provider: options.provider,
      modelId: options.modelId,
      cause: options.cause,
      details: statusDetails(options),
    });
    this.status = options.status;
  }
}

/** The provider takes no more calls for now (HTTP 429). */
export class ModelRateLimitError extends ModelCallError {
  static override readonly errorName = 'ModelRateLimitError';
  readonly status: number;

  constructor(options: StatusErrorOptions) {
    const wait =
      options.retryAfterMs === undefined
        ? 'later'
        : `in ${Math.ceil(options.retryAfterMs / 1000)} s`;
    super({
      code: 'ERR_INFERENCE_RATE_LIMITED',
      message: `The rate limit or quota of ${nameOf(options)} is reached (HTTP ${options.status}): ${options.reason} Try again ${wait}.`,
      provider: options.provider,
      modelId: options.modelId,
      cause: options.cause,
      // An empty account does not fill up by waiting.
      isRetryable: options.providerCode !== 'insufficient_quota',
      retryAfterMs: options.retryAfterMs,
      details: statusDetails(options),
    });
    this.status = options.status;
  }
}

/** The provider refused the request itself (any other HTTP 4xx), or sent it elsewhere (3xx). */
export class ModelRequestError extends ModelCallError {
  static override readonly errorName = 'ModelRequestError';
  readonly status: number;

  constructor(options: StatusErrorOptions) {
    super({
      code: 'ERR_INFERENCE_REQUEST_REJECTED',
      message: `The request was rejected for ${nameOf(options)} (HTTP ${options.status}): ${options.reason} Change the request; the same one will fail again.`,
      provider: options.provider,
      modelId: options.modelId,
      cause: options.cause,
      details: statusDetails(options),
    });
    this.status = options.status;
  }
}

/** The provider failed (HTTP 5xx or 408). */
export class ModelUnavailableError extends ModelCallError {
  static override readonly errorName = 'ModelUnavailableError';
  readonly status: number;

  constructor(options: StatusErrorOptions) {
    super({
      code: 'ERR_INFERENCE_UPSTREAM_FAILED',
      message: `The provider of ${nameOf(options)} failed (HTTP ${options.status}): ${options.reason} Try again later.`,
      provider: options.provider,
      modelId: options.modelId,
      cause: options.cause,
      // These two say that it will never work.
      isRetryable: options.status !== 501 && options.status !== 505,
      retryAfterMs: options.retryAfterMs,
      details: statusDetails(options),
    });
    this.status = options.status;
  }
}

/** The provider could not be reached, or the connection broke before the answer began. */
export class ModelConnectionError extends ModelCallError {
  static override readonly errorName = 'ModelConnectionError';

  constructor(options: ModelIdentity & { url: string; cause: unknown }) {
    const reason = options.cause instanceof Error ? describeCause(options.cause) : 'unknown reason';
    super({
      code: 'ERR_INFERENCE_CONNECTION',
      message: `No connection for ${nameOf(options)} at ${truncateValue(options.url)}: ${reason}. Check the base URL and that the provider is up.`,
      provider: options.provider,
      modelId: options.modelId,
      cause: options.cause,
      isRetryable: true,
    });
  }
}

/** What a call waited for when its time ran out. */
export type TimeoutPhase = 'headers' | 'body' | 'output';

/** The provider took longer than a limit before any output came. */
export class ModelTimeoutError extends ModelCallError {
  static override readonly errorName = 'ModelTimeoutError';
  readonly phase: TimeoutPhase;

  constructor(
    options: ModelIdentity & { phase: TimeoutPhase; limitMs: number; limitName: string },
  ) {
    super({
      code: 'ERR_INFERENCE_TIMEOUT',
      message: `No ${options.phase} from ${nameOf(options)} within ${options.limitMs} ms. Try again, or raise timeouts.${options.limitName}.`,
      provider: options.provider,
      modelId: options.modelId,
      isRetryable: true,
      details: { phase: options.phase, limitMs: options.limitMs },
    });
    this.phase = options.phase;
  }
}

/** How a stream broke. */
export type StreamFault =
  | 'early-close'
  | 'stalled'
  | 'cut-event'
  | 'garbage-event'
  | 'connection-lost'
  | 'too-large'
  | 'upstream-error';

/** A stream broke off before the answer was complete; `partial` is what came before. */
export class ModelStreamError extends ModelCallError {
  static override readonly errorName = 'ModelStreamError';
  readonly fault: StreamFault;
  /** What was received until then. */
  readonly partial: CollectedAnswer;

  constructor(
    options: ModelIdentity & {
      fault: StreamFault;
      problem: string;
      partial: CollectedAnswer;
      isRetryable: boolean;
      cause?: unknown;
      retryAfterMs?: number | undefined;
      details?: Readonly<Record<string, unknown>>;
    },
  ) {
    super({
      code: 'ERR_INFERENCE_STREAM_BROKEN',
      message: `The stream of ${nameOf(options)} broke off: ${options.problem} What was received stands in "partial"; ask again for the whole answer.`,
      provider: options.provider,
      modelId: options.modelId,
      cause: options.cause,
      isRetryable: options.isRetryable,
      retryAfterMs: options.retryAfterMs,
      details: { fault: options.fault, ...options.details },
    });
    this.fault = options.fault;
    this.partial = options.partial;
  }
}

/** An answer is not what the provider's API promises: cut or garbage JSON, or JSON of another shape. */
export class ModelResponseError extends ModelCallError {
  static override readonly errorName = 'ModelResponseError';
  /** The body as far as it was received, cut after 64 K characters. */
  readonly received: string;

  constructor(options: ModelIdentity & { problem: string; received: string; cause?: unknown }) {
    super({
      code: 'ERR_INFERENCE_RESPONSE_INVALID',
      message: `The answer of ${nameOf(options)} cannot be read: ${options.problem} Received ${truncateValue(options.received, 200)}. Try again; if it stays, check that the base URL speaks this API.`,
      provider: options.provider,
      modelId: options.modelId,
      cause: options.cause,
      isRetryable: true,
      details: { receivedCharacters: options.received.length },
    });
    this.received = options.received.slice(0, 65_536);
  }
}

/** An answer is larger than the limit. */
export class ModelResponseTooLargeError extends ModelCallError {
  static override readonly errorName = 'ModelResponseTooLargeError';

  constructor(options: ModelIdentity & { limitBytes: number }) {
    super({
      code: 'ERR_INFERENCE_RESPONSE_TOO_LARGE',
      message: `The answer of ${nameOf(options)} is larger than ${options.limitBytes} bytes. Ask for less, or raise maxResponseBytes.`,
      provider: options.provider,
      modelId: options.modelId,
      details: { limitBytes: options.limitBytes },
    });
  }
}

/** A call asks for something that the model can never do. */
export class ModelUnsupportedError extends ModelCallError {
  static override readonly errorName = 'ModelUnsupportedError';

  constructor(options: ModelIdentity & { option: string; problem: string }) {
    super({
      code: 'ERR_INFERENCE_UNSUPPORTED',
      message: `${nameOf(options)} cannot serve "${options.option}": ${options.problem}`,
      provider: options.provider,
      modelId: options.modelId,
      details: { option: options.option },
    });
  }
}

/** An optional package that an adapter needs is not installed. */
export class PeerMissingError extends EspalierError {
  static override readonly errorName = 'PeerMissingError';

  constructor(options: { packageName: string; usedBy: string; cause: unknown }) {
    super({
      code: 'ERR_INFERENCE_PEER_MISSING',
      message: `${options.usedBy} needs the package "${options.packageName}", which cannot be loaded. Install it: npm install ${options.packageName}`,
      cause: options.cause,
      details: { packageName: options.packageName },
    });
  }
}

function describeCause(error: Error): string {
  const inner = error.cause;
  const code =
    (error as { code?: unknown }).code ?? (inner as { code?: unknown } | undefined)?.code;
  const text = error.message === '' && inner instanceof Error ? inner.message : error.message;
  const line =
    `${typeof code === 'string' && !text.includes(code) ? `${code} ` : ''}${text}`.trim();
  return line === '' ? error.name : line.slice(0, 200);
}
