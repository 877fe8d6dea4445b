/** Answers a request, as `app.fetch` of a Hono application does. */
export type RequestHandler = (request: Request) => Response | Promise<Response>;

/** What `fetch` is, without the static members that some runtimes add. */
export type FetchFunction = (
  input: string | URL | Request,
  init?: RequestInit,
) => Promise<Response>;

/** A `fetch` that reaches a handler in the same process. */
export interface LinkedFetch {
  readonly fetch: FetchFunction;
  /** Every request so far, oldest first; bodies may be read by the handler only. */
  readonly requests: readonly {
    readonly method: string;
    readonly url: string;
    readonly headers: Headers;
  }[];
}

/**
 * Links a client to a handler without a socket: what the client fetches, the handler answers.
 *
 * Aborting rejects the call and cancels the body of an answer under way, as a socket would. A relative address is
 * resolved against `baseURL`. A handler that throws looks to the client like a broken connection (`TypeError`).
 */
export function createLinkedFetch(
  handler: RequestHandler,
  options: { baseURL?: string } = {},
): LinkedFetch {
  const baseURL = options.baseURL ?? 'http://linked.test';
  const requests: { method: string; url: string; headers: Headers }[] = [];
  return {
    requests,
    async fetch(input, init) {
      const request =
        input instanceof Request
          ? new Request(input, init)
          : new Request(new URL(input, baseURL), init);
      requests.push({
        method: request.method,
        url: request.url,
        headers: new Headers(request.headers),
      });
      request.signal.throwIfAborted();
      const response = await raceAbort(
        Promise.resolve().then(() => handler(request)),
        request.signal,
      );
      return withAbort(response, request.signal);
    },
  };
}

async function raceAbort(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([answer, aborted]);
  } catch (error) {
    if (signal.aborted) {
      answer.then((late) => late.body?.cancel(signal.reason)).catch(() => undefined);
      throw signal.reason;
    }
    throw new TypeError('fetch failed', { cause: error });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function withAbort(response: Response, signal: AbortSignal): Response {
  if (response.body === null) return response;
  const reader: ReadableStreamDefaultReader<Uint8Array> = (
    response.body as ReadableStream<Uint8Array>
  ).getReader();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      signal.addEventListener(
        'abort',
        () => {
          controller.error(signal.reason);
          reader.cancel(signal.reason).catch(() => undefined);
        },
        { once: true },
      );
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
}
