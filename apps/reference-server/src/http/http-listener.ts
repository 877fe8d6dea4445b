import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger, Telemetry } from '@espalier/core';
import { requestIdOf, routeOf } from './request-notes.js';
import type { Metrics } from '../metrics/metrics.js';

/** What the HTTP server is made from. */
export interface HttpListenerOptions {
  /** Answers a request of a fast path; `false` when it is not one. */
  readonly handleRaw: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Units: ms. */
  readonly headersTimeoutMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where set, each request is the root of one trace. */
  readonly telemetry: Telemetry | undefined;
  readonly isStopping: () => boolean;
}

const CHECK_EVERY_MS = 1000;
/** How long the rest of a refused body is read, so that its sender can read the refusal. */
const DRAIN_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;

/** Creates the HTTP server with its limits, access log and counters; it does not listen yet. */
export function createHttpListener(options: HttpListenerOptions): Server {
  const { metrics, logger, telemetry } = options;

  const dispatch = (request: IncomingMessage, response: ServerResponse): void => {
    if (!options.handleRaw(request, response)) void options.listener(request, response);
  };

  const server = createServer(
    {
      headersTimeout: options.headersTimeoutMs,
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    (request, response) => {
      const startedAt = performance.now();
      if (options.isStopping()) response.setHeader('connection', 'close');
      const span = telemetry?.startSpan(`${request.method ?? 'GET'} ${pathOf(request)}`, {
        'http.request.method': request.method ?? 'GET',
        'url.path': pathOf(request),
      });
      response.once('close', () => {
        drain(request);
        const seconds = (performance.now() - startedAt) / 1000;
        const route = routeOf(request) ?? wireRoute(request) ?? 'other';
        const status =
          response.writableFinished || response.headersSent ? response.statusCode : 499;
        metrics.increment('espalier_http_requests_total', {
          method: request.method ?? 'GET',
          route,
          status: String(status),
        });
        metrics.observe('espalier_http_request_duration_seconds', { route }, seconds);
        logger.info('request', {
          requestId: response.getHeader('x-request-id') ?? requestIdOf(request),
          method: request.method,
          path: pathOf(request).slice(0, 200).toWellFormed(),
          status,
          durationMs: Math.round(seconds * 1e5) / 100,
          ...(!response.writableFinished && { isAborted: true }),
        });
        span?.span.setAttribute('http.response.status_code', status);
        span?.span.end();
      });
      if (span === undefined) dispatch(request, response);
      else {
        span.run(() => {
          dispatch(request, response);
        });
      }
    },
  );
  return server;
}

/** The path without the query, which may hold what does not belong in a log. */
function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

const WIRE_PATHS = new Set([
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/embeddings',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/models',
]);

function wireRoute(request: IncomingMessage): string | undefined {
  const path = pathOf(request);
  return WIRE_PATHS.has(path) ? path : undefined;
}

/** Reads away what is left of a body; a sender that never ends is cut off. */
function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => {
    request.destroy();
  }, DRAIN_MS);
  timer.unref();
  request.once('close', () => {
    clearTimeout(timer);
  });
}
