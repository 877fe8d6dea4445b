import { Agent, request as undiciRequest } from 'undici';
import type { HttpTransport } from './http-transport.js';

/**
 * Creates a transport with a connection pool of its own.
 *
 * It goes below `fetch`, which costs several times as much for a streamed answer. It has no time limits of its own:
 * the caller's abort signal sets them. Idle connections do not keep the process alive.
 */
export function createUndiciTransport(): HttpTransport {
  let dispatcher: Agent | undefined;
  return async (request) => {
    dispatcher ??= new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } });
    const response = await undiciRequest(request.url, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      signal: request.abortSignal,
      dispatcher,
    });
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(response.headers)) {
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    return { status: response.statusCode, headers, body: response.body };
  };
}
