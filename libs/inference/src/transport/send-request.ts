import { ModelCallError, ModelConnectionError } from '../errors.js';
import { startLimit } from './start-limit.js';
import type { CallGuard } from './call-guard.js';
import type { CallRuntime } from './call-runtime.js';
import type { HttpResponse } from './http-transport.js';
import { readStatusError } from './status-error.js';

/** Sends the one request of a try under the signal given. */
export type SendRequest = (abortSignal: AbortSignal) => Promise<HttpResponse>;

/**
 * Resolves to the answer of a request once it is known to be a success (HTTP 2xx).
 *
 * @throws {ModelCallError} Typed by what went wrong; aborts are thrown as they are.
 */
export async function sendRequest(
  send: SendRequest,
  url: string,
  guard: CallGuard,
  runtime: CallRuntime,
): Promise<HttpResponse> {
  startLimit(guard, runtime, 'headersMs');
  let response: HttpResponse;
  try {
    response = await guard.race(send(guard.signal));
  } catch (error) {
    if (guard.signal.aborted || ModelCallError.isInstance(error)) throw error;
    throw new ModelConnectionError({
      ...runtime.identity,
      url: withoutCredentials(url),
      cause: error,
    });
  } finally {
    guard.stop('headers');
  }
  if (response.status >= 200 && response.status < 300) return response;
  throw await readStatusError(response, guard, runtime);
}

function withoutCredentials(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'an invalid URL' : `${parsed.origin}${parsed.pathname}`;
}
