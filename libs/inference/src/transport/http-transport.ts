/** A request to a provider. */
export interface HttpRequest {
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly abortSignal: AbortSignal;
}

/** The answer to a request, its body not yet read. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Leaving the loop early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends a POST request; resolves with the headers of the answer. Never follows a redirect, so no key goes elsewhere. */
export type HttpTransport = (request: HttpRequest) => Promise<HttpResponse>;
