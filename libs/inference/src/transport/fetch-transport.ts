import type { HttpTransport } from './http-transport.js';

/** Creates a transport over a `fetch` function. */
export function createFetchTransport(fetchFunction: typeof globalThis.fetch): HttpTransport {
  return async (request) => {
    const response = await fetchFunction(request.url, {
      method: 'POST',
      headers: { ...request.headers },
      body: request.body,
      signal: request.abortSignal,
      redirect: 'manual',
    });
    return fromFetchResponse(response);
  };
}

/** Reads a fetch response as {@link HttpResponse}. */
export function fromFetchResponse(response: Response): Awaited<ReturnType<HttpTransport>> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: response.body === null ? emptyBody() : readBody(response.body),
  };
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

async function* readBody(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
