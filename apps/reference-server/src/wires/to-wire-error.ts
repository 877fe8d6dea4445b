import { EspalierError, isAbortError } from '@espalier/core';
import { WireError, type WireErrorKind } from './wire-error.js';

/**
 * Any thrown value as an error of the wire.
 *
 * Errors of models carry the upstream's `status` and `retryAfterMs` in their details; those of this server's own
 * defects say nothing about the inside.
 */
export function toWireError(error: unknown): WireError {
  if (WireError.isInstance(error)) return error;
  if (isAbortError(error)) {
    return new WireError({
      kind: 'timeout',
      code: 'ERR_WIRE_UPSTREAM_TIMEOUT',
      message: 'The model did not answer in time.',
      cause: error,
    });
  }
  if (EspalierError.isInstance(error)) return fromEspalierError(error);
  return new WireError({
    kind: 'internal',
    code: 'ERR_WIRE_INTERNAL',
    message: 'The server met a condition that it does not handle. Its log has the details.',
    cause: error,
  });
}

function fromEspalierError(error: EspalierError): WireError {
  const status = numberAt(error, 'status') ?? numberAt(error, 'statusCode');
  const retryAfterMs = numberAt(error, 'retryAfterMs');
  const kind = kindOf(error, status);
  return new WireError({
    kind,
    code: error.code,
    message: error.message,
    cause: error,
    ...(status !== undefined && status >= 500 && status < 600 ? { status } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function kindOf(error: EspalierError, status: number | undefined): WireErrorKind {
  if (error.code.startsWith('ERR_GUARD')) return 'blocked';
  // The upstream refuses this server, not the caller: a 401 would send the caller looking at its own key.
  if (status === 401 || status === 403) return 'upstream';
  if (status === 429) return 'rate-limit';
  if (status === 404) return 'not-found';
  if (status === 413) return 'too-large';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 503 || status === 529) return 'unavailable';
  if (status !== undefined && status >= 400 && status < 500) return 'invalid-request';
  if (/TIMEOUT|IDLE|STALL/u.test(error.code)) return 'timeout';
  if (error.code.startsWith('ERR_INFERENCE')) {
    return /UNSUPPORTED|INVALID_(?:ARGUMENT|REQUEST|PROMPT)/u.test(error.code)
      ? 'invalid-request'
      : 'upstream';
  }
  return error.code.startsWith('ERR_CORE_INVALID_ARGUMENT') ? 'invalid-request' : 'internal';
}

function numberAt(error: EspalierError, name: string): number | undefined {
  const value = error.details[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const own = (error as unknown as Record<string, unknown>)[name];
  return typeof own === 'number' && Number.isFinite(own) ? own : undefined;
}
