import type { UpstreamScript, UpstreamStep } from './upstream-script.js';

/** A server-sent event: an object is sent as JSON; `event` names its type. */
export type UpstreamEvent = string | { readonly event?: string; readonly data: unknown };

const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

/** Writes an event as it goes over the wire. */
export function encodeUpstreamEvent(event: UpstreamEvent): string {
  if (typeof event === 'string') return `data: ${event}\n\n`;
  const data = typeof event.data === 'string' ? event.data : JSON.stringify(event.data);
  return `${event.event === undefined ? '' : `event: ${event.event}\n`}data: ${data}\n\n`;
}

const begin = (
  events: readonly UpstreamEvent[],
  headers: Readonly<Record<string, string>> = {},
): UpstreamStep[] => [
  { do: 'head', status: 200, headers: { ...EVENT_STREAM, ...headers } },
  ...events.map((event): UpstreamStep => ({ do: 'write', data: encodeUpstreamEvent(event) })),
];

/** Scripts for what real upstreams do, the good and the bad. Events are what is sent before the fault. */
export const upstreamFaults = {
  /** A whole JSON answer. */
  json: (
    body: unknown,
    options: { status?: number; headers?: Readonly<Record<string, string>> } = {},
  ): UpstreamScript => [
    {
      do: 'head',
      status: options.status ?? 200,
      headers: { 'content-type': 'application/json', ...options.headers },
    },
    { do: 'write', data: JSON.stringify(body) },
    { do: 'end' },
  ],
  /** A whole stream. */
  stream: (
    events: readonly UpstreamEvent[],
    headers?: Readonly<Record<string, string>>,
  ): UpstreamScript => [...begin(events, headers), { do: 'end' }],
  /** A stream that arrives in pieces of so many bytes, cut wherever that falls, also inside a character. */
  choppedStream: (events: readonly UpstreamEvent[], bytes: number): UpstreamScript => {
    const all = new TextEncoder().encode(events.map(encodeUpstreamEvent).join(''));
    const steps = [...begin([])];
    for (let at = 0; at < all.length; at += bytes)
      steps.push({ do: 'write', data: all.slice(at, at + bytes) });
    return [...steps, { do: 'end' }];
  },
  /** The stream ends properly, but before the answer does. */
  earlyClose: (events: readonly UpstreamEvent[]): UpstreamScript => [
    ...begin(events),
    { do: 'end' },
  ],
  /** The connection breaks in mid-stream. */
  connectionLost: (events: readonly UpstreamEvent[]): UpstreamScript => [
    ...begin(events),
    { do: 'destroy' },
  ],
  /** The stream goes silent. */
  stall: (events: readonly UpstreamEvent[]): UpstreamScript => [...begin(events), { do: 'hang' }],
  /** The stream ends in the middle of an event. */
  cutEvent: (events: readonly UpstreamEvent[], cut: UpstreamEvent): UpstreamScript => {
    const text = encodeUpstreamEvent(cut).trimEnd();
    return [
      ...begin(events),
      { do: 'write', data: text.slice(0, Math.ceil(text.length / 2)) },
      { do: 'end' },
    ];
  },
  /** An event that is no JSON stands in the stream. */
  garbageEvent: (
    events: readonly UpstreamEvent[],
    after: readonly UpstreamEvent[] = [],
  ): UpstreamScript => [
    ...begin([...events, '{"choices": [{]} \u0000 garbage', ...after]),
    { do: 'end' },
  ],
  /** A JSON answer whose end is missing. `destroy` breaks the connection, otherwise it ends properly. */
  cutJson: (body: unknown, options: { destroy?: boolean } = {}): UpstreamScript => {
    const text = JSON.stringify(body);
    return [
      { do: 'head', status: 200, headers: { 'content-type': 'application/json' } },
      { do: 'write', data: text.slice(0, Math.floor(text.length / 2)) },
      { do: options.destroy === true ? 'destroy' : 'end' },
    ];
  },
  /** HTTP 429. `retryAfter` goes into the header as it is. */
  rateLimited: (retryAfter?: string): UpstreamScript =>
    upstreamFaults.json(
      {
        error: {
          message: 'Rate limit reached',
          type: 'rate_limit_error',
          code: 'rate_limit_exceeded',
        },
      },
      { status: 429, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } },
    ),
  /** HTTP 5xx with a body that is no JSON, as proxies send it. */
  serverError: (status = 503): UpstreamScript => [
    { do: 'head', status, headers: { 'content-type': 'text/html' } },
    { do: 'write', data: '<html><body><h1>Service Unavailable</h1></body></html>' },
    { do: 'end' },
  ],
  /** A JSON answer of at least so many bytes. */
  oversized: (bytes: number): UpstreamScript => [
    { do: 'head', status: 200, headers: { 'content-type': 'application/json' } },
    { do: 'write', data: '{"choices":"' },
    { do: 'flood', data: 'x'.repeat(65_536), times: Math.ceil(bytes / 65_536) },
    { do: 'write', data: '"}' },
    { do: 'end' },
  ],
  /** A stream of comments and nothing else, which never ends by itself. */
  commentFlood: (times: number): UpstreamScript => [
    ...begin([]),
    { do: 'flood', data: ': keep-alive\n\n', times },
    { do: 'hang' },
  ],
  /** The request is taken, and no header ever comes. */
  slowHeaders: (): UpstreamScript => [{ do: 'hang' }],
  /** The connection breaks before any header. */
  hangUp: (): UpstreamScript => [{ do: 'destroy' }],
  /** Sends the client elsewhere. */
  redirect: (location: string): UpstreamScript => [
    { do: 'head', status: 307, headers: { location } },
    { do: 'end' },
  ],
} as const;
