import { RequestError } from './request-error.js';

const CHALLENGE = { 'www-authenticate': 'Bearer realm="espalier"' };

/** The request brought no key. */
export function keyMissing(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_KEY_MISSING',
    status: 401,
    message:
      'This route needs an API key. Send it as "Authorization: Bearer esp_…" or as "x-api-key".',
    headers: CHALLENGE,
  });
}

/** The key is not one of this server's. */
export function keyUnknown(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_KEY_UNKNOWN',
    status: 401,
    message:
      'The API key is not known to this server. Make one with "espalier keys create", or check that it is whole.',
    headers: CHALLENGE,
  });
}

/** The key's time is over. */
export function keyExpired(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_KEY_EXPIRED',
    status: 401,
    message: 'The API key has expired. Make a new one with "espalier keys create".',
    headers: CHALLENGE,
  });
}

/** The key was taken back. */
export function keyRevoked(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_KEY_REVOKED',
    status: 401,
    message: 'The API key was revoked. Ask an administrator of this server for a new one.',
    headers: CHALLENGE,
  });
}

/** The key may not do this. */
export function roleForbidden(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_ROLE_FORBIDDEN',
    status: 403,
    message: 'This route needs a key with the role "admin"; this key has the role "user".',
  });
}

/** The key may not see how a search came to its result. */
export function explanationForbidden(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_EXPLANATION_FORBIDDEN',
    status: 403,
    message:
      'An explanation tells how rare words are over all documents, but this key sees only some. Use a key without readers of its own.',
  });
}

/** The server is stopping. */
export function serverStopping(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_STOPPING',
    status: 503,
    message: 'The server is stopping and takes no new requests. Try again in a moment.',
    isRetryable: true,
    headers: { connection: 'close', 'retry-after': '1' },
  });
}
