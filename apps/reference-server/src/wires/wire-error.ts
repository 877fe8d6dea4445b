import { EspalierError } from '@espalier/core';

/** What went wrong, as every wire can say it in its own words. */
export type WireErrorKind =
  | 'invalid-request'
  | 'authentication'
  | 'permission'
  | 'not-found'
  | 'too-large'
  | 'rate-limit'
  | 'blocked'
  | 'internal'
  | 'upstream'
  | 'timeout'
  | 'unavailable';

const STATUS_OF: Readonly<Record<WireErrorKind, number>> = {
  'invalid-request': 400,
  authentication: 401,
  permission: 403,
  'not-found': 404,
  'too-large': 413,
  'rate-limit': 429,
  blocked: 400,
  internal: 500,
  upstream: 502,
  timeout: 504,
  unavailable: 503,
};

/** What a {@link WireError} is made from. */
export interface WireErrorOptions {
  readonly kind: WireErrorKind;
  readonly code: string;
  readonly message: string;
  /** Default: what the kind stands for. */
  readonly status?: number;
  /** The field of the request that is wrong, `messages[0].content`. */
  readonly param?: string;
  /** The short code of the OpenAI wire, `model_not_found`. */
  readonly openaiCode?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A request of the OpenAI or Anthropic wires that ends in an error, with everything its shape needs. */
export class WireError extends EspalierError {
  static override readonly errorName = 'WireError';
  readonly kind: WireErrorKind;
  readonly status: number;
  readonly param: string | undefined;
  readonly openaiCode: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(options: WireErrorOptions) {
    super({
      code: options.code,
      message: options.message,
      cause: options.cause,
      isRetryable: ['rate-limit', 'upstream', 'timeout', 'unavailable'].includes(options.kind),
    });
    this.kind = options.kind;
    this.status = options.status ?? STATUS_OF[options.kind];
    this.param = options.param;
    this.openaiCode = options.openaiCode;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The request does not fit the wire; `param` names the field. */
export function invalidRequest(message: string, param?: string): WireError {
  return new WireError({
    kind: 'invalid-request',
    code: 'ERR_WIRE_REQUEST_INVALID',
    message,
    ...(param === undefined ? {} : { param }),
  });
}

/** The request asks for something that this server does not do. */
export function unsupported(message: string, param: string): WireError {
  return new WireError({
    kind: 'invalid-request',
    code: 'ERR_WIRE_UNSUPPORTED',
    message,
    param,
    openaiCode: 'unsupported_parameter',
  });
}

/** No model or agent has this id. */
export function unknownModel(modelId: string): WireError {
  const shown = modelId.length > 100 ? `${modelId.slice(0, 100)}…` : modelId;
  return new WireError({
    kind: 'not-found',
    code: 'ERR_WIRE_MODEL_UNKNOWN',
    message: `The model "${shown}" does not exist here. GET /v1/models lists the ids that do.`,
    param: 'model',
    openaiCode: 'model_not_found',
  });
}

/** A rail stopped the request; `reason` is fit to be shown. */
export function blockedByRail(reason: string | undefined): WireError {
  return new WireError({
    kind: 'blocked',
    code: 'ERR_WIRE_BLOCKED',
    message: `The request was stopped by a guardrail: ${(reason ?? 'no reason given').replace(/\.$/u, '')}.`,
    openaiCode: 'content_policy_violation',
  });
}
