import {
  IDEMPOTENCY_KEY_HEADER,
  ROUTES,
  problemSchema,
  type Problem,
  type RouteName,
} from '@espalier/protocol';
import ky from 'ky';
import type { ResolvedOptions } from '../client-options.js';
import {
  EspalierClientError,
  InvalidResponseError,
  NetworkError,
  NotFoundError,
  RequestTimeoutError,
  apiErrorOf,
} from '../errors.js';
import { parseRetryAfter, withRetry } from './retry.js';
import type { UploadProgress } from './upload-progress.js';
import { createXhrFetch } from './xhr-fetch.js';

/** The part of a zod schema that the transport needs. */
export interface ResponseSchema<Value> {
  safeParse(
    input: unknown,
  ): { success: true; data: Value } | { success: false; error: { message: string } };
}

/** One request of the native wire. */
export interface WireRequest {
  readonly route: RouteName;
  /** The route's path with its parameters filled in. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as multipart form data. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  readonly abortSignal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** Sends requests with the client's key, limits and retries. */
export interface Transport {
  /** Returns the answer's JSON, checked against the schema. */
  json<Value>(request: WireRequest, schema: ResponseSchema<Value>): Promise<Value>;
  /** Sends a request whose answer has no body that matters. */
  empty(request: WireRequest): Promise<void>;
  /** Makes one attempt and returns the answer as soon as its head is there; reading its body is up to the caller. */
  open(request: WireRequest): Promise<Response>;
}

/** Creates the transport of one client. */
export function createTransport(options: ResolvedOptions): Transport {
  const { clock, random, retry } = options;

  async function send(request: WireRequest, abortSignal: AbortSignal): Promise<Response> {
    const { method } = ROUTES[request.route];
    const key = await options.apiKey();
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...options.headers,
      ...request.headers,
    };
    if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
    if (request.idempotencyKey !== undefined)
      headers[IDEMPOTENCY_KEY_HEADER] = request.idempotencyKey;
    const url = urlOf(options.baseUrl, request);
    // Streaming request bodies need HTTP/2 in browsers, so progress comes from XMLHttpRequest where there is one.
    const usesXhr =
      request.onUploadProgress !== undefined &&
      options.fetch === undefined &&
      typeof XMLHttpRequest === 'function';
    const fetch = usesXhr
      ? createXhrFetch({ body: request.form, onProgress: request.onUploadProgress })
      : options.fetch;
    const report = request.onUploadProgress;
    return ky(url, {
      method,
      headers,
      signal: abortSignal,
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      ...(request.json === undefined ? {} : { json: request.json }),
      ...(request.form === undefined ? {} : { body: request.form }),
      ...(fetch === undefined ? {} : { fetch: (input, init) => fetch(input, init) }),
      ...(report === undefined || usesXhr
        ? {}
        : {
            onUploadProgress: (progress) =>
              report({ loadedBytes: progress.transferredBytes, totalBytes: progress.totalBytes }),
          }),
    });
  }

  /**
   * Runs one attempt under the time limit and the caller's signal, and names what went wrong.
   *
   * The time limit ends with `read`; the caller's signal stays tied to a body that is read later.
   */
  async function attempt<Result>(
    request: WireRequest,
    read: (response: Response) => Promise<Result>,
  ): Promise<Result> {
    const timeoutMs = request.timeoutMs ?? options.timeoutMs;
    const url = urlOf(options.baseUrl, request);
    const timeLimit = new AbortController();
    const abortSignal =
      request.abortSignal === undefined
        ? timeLimit.signal
        : AbortSignal.any([request.abortSignal, timeLimit.signal]);
    const stopTimer = clock.setTimer(timeoutMs, () => timeLimit.abort());
    try {
      abortSignal.throwIfAborted();
      const response = await send(request, abortSignal);
      if (!response.ok) throw await errorOfResponse(response, url, clock.now());
      return await read(response);
    } catch (error) {
      request.abortSignal?.throwIfAborted();
      if (timeLimit.signal.aborted) throw new RequestTimeoutError({ url, timeoutMs });
      if (EspalierClientError.isInstance(error)) throw error;
      throw new NetworkError({ url, cause: error });
    } finally {
      stopTimer();
    }
  }

  function retried<Result>(
    request: WireRequest,
    read: (response: Response) => Promise<Result>,
  ): Promise<Result> {
    const isPost = ROUTES[request.route].method === 'POST';
    const keyed = isPost
      ? { ...request, idempotencyKey: request.idempotencyKey ?? options.createIdempotencyKey() }
      : request;
    return withRetry({ policy: retry, clock, random, abortSignal: request.abortSignal }, () =>
      attempt(keyed, read),
    );
  }

  return {
    json: (request, schema) =>
      retried(request, async (response) =>
        parseBody(await response.text(), schema, urlOf(options.baseUrl, request)),
      ),

    async empty(request) {
      const isDelete = ROUTES[request.route].method === 'DELETE';
      await withRetry(
        { policy: retry, clock, random, abortSignal: request.abortSignal },
        async (number) => {
          try {
            await attempt(request, async (response) => response.body?.cancel());
          } catch (error) {
            // The attempt before may have deleted it and only its answer was lost.
            if (isDelete && number > 1 && NotFoundError.isInstance(error)) return;
            throw error;
          }
        },
      );
    },

    open: (request) => attempt(request, async (response) => response),
  };
}

function urlOf(baseUrl: string, request: WireRequest): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return `${baseUrl}${request.path}${text === '' ? '' : `?${text}`}`;
}

function parseBody<Value>(text: string, schema: ResponseSchema<Value>, url: string): Value {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new InvalidResponseError({ url, problem: 'its body is not JSON', cause });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InvalidResponseError({
    url,
    problem: 'its JSON does not fit the schema of this route',
    cause: parsed.error,
  });
}

async function errorOfResponse(response: Response, url: string, nowMs: number): Promise<Error> {
  const problem = parseProblem(await response.text());
  const requestId = response.headers.get('x-request-id') ?? problem?.requestId;
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), nowMs);
  return apiErrorOf({
    status: response.status,
    url,
    ...(problem === undefined ? {} : { problem }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function parseProblem(text: string): Problem | undefined {
  try {
    const parsed = problemSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
