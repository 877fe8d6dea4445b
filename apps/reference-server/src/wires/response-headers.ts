import type { WireError } from './wire-error.js';

/** The headers of an answer in one piece. */
export function jsonHeaders(requestId: string): Record<string, string> {
  return { 'content-type': 'application/json', 'x-request-id': requestId, 'request-id': requestId };
}

/** The headers of an answer in server-sent events. */
export function streamHeaders(requestId: string): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
    'request-id': requestId,
  };
}

/** The headers of an error: when to try again, and how to show a key. */
export function errorHeaders(error: WireError, requestId: string): Record<string, string> {
  const headers = jsonHeaders(requestId);
  if (error.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  if (error.kind === 'authentication') headers['www-authenticate'] = 'Bearer';
  return headers;
}
