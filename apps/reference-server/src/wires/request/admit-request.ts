import type { JsonObject } from '@espalier/core';
import { WireError } from '../wire-error.js';
import type { WiresContext } from '../wires-context.js';
import { callerOf } from './caller-of.js';
import { parseJsonBody } from './parse-json-body.js';
import { openRequestGuard } from './request-guard.js';
import type { AdmittedRequest, WireRequest } from './wire-request.js';

/**
 * Lets a request in: its key, its rate and its body are good.
 *
 * The guardrails of its caller are found too, and the body is read last, so that nobody sends one for nothing.
 *
 * @throws {WireError} `ERR_WIRE_DRAINING`, `ERR_WIRE_RATE_LIMITED`, `ERR_WIRE_BODY_ENCODED`, and what the key and the body may be wrong by.
 */
export async function admitRequest(
  context: WiresContext,
  request: WireRequest,
): Promise<{ request: AdmittedRequest; body: JsonObject }> {
  const { exchange, route } = request;
  if (context.isDraining?.() === true) throw draining();
  const caller = await callerOf(exchange, (key) => context.authenticate(key));
  const admitted: AdmittedRequest = Object.assign(request, { caller });
  request.guard = openRequestGuard(context, { caller, path: route.path });
  const rate = context.limitRate?.(caller);
  if (rate?.isAllowed === false) throw rateLimited(rate.retryAfterMs);
  const encoding = exchange.header('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') throw encodedBody(encoding);
  const bytes = await exchange.readBody(context.limits);
  return { request: admitted, body: parseJsonBody(bytes, context.limits.jsonDepth) };
}

function draining(): WireError {
  return new WireError({
    kind: 'unavailable',
    code: 'ERR_WIRE_DRAINING',
    message: 'The server is shutting down and takes no new requests.',
    retryAfterMs: 1_000,
  });
}

function rateLimited(retryAfterMs: number): WireError {
  return new WireError({
    kind: 'rate-limit',
    code: 'ERR_WIRE_RATE_LIMITED',
    message: `Too many requests with this key; try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    openaiCode: 'rate_limit_exceeded',
    retryAfterMs,
  });
}

function encodedBody(encoding: string): WireError {
  return new WireError({
    kind: 'invalid-request',
    status: 415,
    code: 'ERR_WIRE_BODY_ENCODED',
    message: `Bodies of encoding "${encoding.slice(0, 30)}" are not taken; send plain JSON.`,
  });
}
