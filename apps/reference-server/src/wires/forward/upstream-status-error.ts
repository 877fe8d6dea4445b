import type { JsonObject } from '@espalier/core';
import { isObject } from '../request/guard-input.js';
import { WireError, type WireErrorKind } from '../wire-error.js';

const MAX_MESSAGE = 2_000;

/** What an upstream's refusal becomes: its own status and words where they are about the request. */
export function upstreamStatusError(options: {
  status: number;
  /** The header, in seconds or as a date. */
  retryAfter: string | undefined;
  body: string;
  nowMs: number;
}): WireError {
  const { status } = options;
  const said = saidIn(options.body);
  const retryAfterMs = parseRetryAfter(options.retryAfter, options.nowMs);
  const kind = kindOf(status);
  const isOurs = status === 401 || status === 403;
  return new WireError({
    kind,
    code: 'ERR_WIRE_UPSTREAM_STATUS',
    // A refusal of the server's own key says nothing to the caller, and may quote the key.
    message: isOurs
      ? `The upstream refused the credentials of this server (HTTP ${status}).`
      : (said.message ?? `The upstream answered with HTTP ${status}.`)
          .slice(0, MAX_MESSAGE)
          .toWellFormed(),
    ...(isOurs || status < 400 ? {} : { status }),
    ...(said.param === undefined ? {} : { param: said.param }),
    ...(isOurs || said.code === undefined ? {} : { openaiCode: said.code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function kindOf(status: number): WireErrorKind {
  if (status === 401 || status === 403) return 'upstream';
  if (status === 404) return 'not-found';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 413) return 'too-large';
  if (status === 429) return 'rate-limit';
  if (status === 503 || status === 529) return 'unavailable';
  return status >= 400 && status < 500 ? 'invalid-request' : 'upstream';
}

function saidIn(body: string): { message?: string; param?: string; code?: string } {
  let value: JsonObject;
  try {
    value = JSON.parse(body) as JsonObject;
  } catch {
    return {};
  }
  if (!isObject(value)) return {};
  const error = isObject(value['error']) ? value['error'] : value;
  const text = (key: string): string | undefined =>
    typeof error[key] === 'string' ? error[key] : undefined;
  const message = text('message');
  const param = text('param');
  const code = text('code');
  return {
    ...(message === undefined ? {} : { message }),
    ...(param === undefined ? {} : { param }),
    ...(code === undefined ? {} : { code }),
  };
}

function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d{1,7}(?:\.\d+)?\s*$/u.test(value)) return Number(value) * 1000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
