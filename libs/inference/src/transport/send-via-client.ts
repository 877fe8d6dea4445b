import type { HttpResponse, HttpTransport } from './http-transport.js';
import { wellFormedJson } from './serialize-body.js';

/**
 * Runs one call of an official client and gives the answer as it came over the wire, whatever its status.
 *
 * The client makes the request (URL, authentication, headers, body) and hands it to the `fetch` given to `call`. The
 * answer goes past the client: its own reader takes a stream that breaks off for a whole one.
 */
export async function sendViaClient(
  transport: HttpTransport,
  abortSignal: AbortSignal,
  call: (fetchFunction: typeof globalThis.fetch) => Promise<unknown>,
): Promise<HttpResponse> {
  let outcome: { response: HttpResponse } | { error: unknown } | undefined;
  const passOn: typeof globalThis.fetch = async (input, init) => {
    try {
      const response = await transport({
        url: input instanceof Request ? input.url : String(input),
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: typeof init?.body === 'string' ? wellFormedJson(init.body) : '',
        abortSignal,
      });
      outcome = { response };
      // An empty success, so that the client neither reads the body nor throws for the status.
      return new Response(null, { status: 204 });
    } catch (error) {
      outcome = { error };
      throw error;
    }
  };
  try {
    await call(passOn);
  } catch (error) {
    // The client wraps what its fetch throws.
    if (outcome === undefined) throw error;
  }
  if (outcome === undefined) throw new TypeError('The official client sent no request.');
  if ('error' in outcome) throw outcome.error;
  return outcome.response;
}
