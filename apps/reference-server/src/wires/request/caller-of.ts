import type { WireExchange } from '../exchange/wire-exchange.js';
import { WireError } from '../wire-error.js';
import type { Authentication, Caller, WiresContext } from '../wires-context.js';

/** The key of a request, from `Authorization: Bearer` or `x-api-key`. */
export function keyOf(exchange: Pick<WireExchange, 'header'>): string | undefined {
  const authorization = exchange.header('authorization');
  if (authorization !== undefined && /^bearer /iu.test(authorization)) {
    const key = authorization.slice(7).trim();
    if (key !== '') return key;
  }
  const key = exchange.header('x-api-key')?.trim();
  return key === '' ? undefined : key;
}

const REFUSALS: Readonly<Record<Extract<Authentication, { ok: false }>['reason'], string>> = {
  unknown: 'The API key is not known here.',
  expired: 'The API key has expired.',
  revoked: 'The API key has been revoked.',
  forbidden: 'The API key may not call models.',
};

/**
 * Who calls.
 *
 * @throws {WireError} `ERR_WIRE_AUTHENTICATION`: no key, or one that is not good. `ERR_WIRE_FORBIDDEN`: a good key
 * that may not do this.
 */
export async function callerOf(
  exchange: Pick<WireExchange, 'header'>,
  authenticate: WiresContext['authenticate'],
): Promise<Caller> {
  const key = keyOf(exchange);
  if (key === undefined) {
    throw refused('No API key was sent. Send it as "Authorization: Bearer …" or "x-api-key".');
  }
  const result = await authenticate(key);
  if (result.ok) return result.caller;
  if (result.reason === 'forbidden') {
    throw new WireError({
      kind: 'permission',
      code: 'ERR_WIRE_FORBIDDEN',
      message: REFUSALS.forbidden,
    });
  }
  throw refused(REFUSALS[result.reason]);
}

function refused(message: string): WireError {
  return new WireError({
    kind: 'authentication',
    code: 'ERR_WIRE_AUTHENTICATION',
    message,
    openaiCode: 'invalid_api_key',
  });
}
