import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { StoredEvent } from '../runs/run-store.js';
import type { ServerContext } from './server-variables.js';

const HEARTBEAT_MS = 15_000;

/**
 * Writes events as SSE straight to the Node response, waiting where the client reads slowly.
 *
 * A comment every 15 s keeps connections through proxies open. When the client goes away, `open`'s signal aborts.
 */
export async function sendRunStream(
  c: ServerContext,
  options: {
    status: number;
    /** Told in a header, where the events are a run's. */
    runId?: string;
    open(abortSignal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;
  },
): Promise<Response> {
  const { outgoing } = c.env;
  const response = outgoing;
  const gone = new AbortController();
  const onClose = (): void => {
    gone.abort(new DOMException('The client went away.', 'AbortError'));
  };
  response.once('close', onClose);
  for (const [name, value] of c.res.headers) response.setHeader(name, value);
  response.writeHead(options.status, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    ...(options.runId !== undefined && { 'espalier-run-id': options.runId }),
  });
  response.flushHeaders();
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': waiting\n\n');
  }, HEARTBEAT_MS);
  try {
    for await (const batch of options.open(gone.signal)) {
      if (gone.signal.aborted) break;
      if (!response.write(batch.map(toFrame).join(''))) await drained(response, gone.signal);
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) {
      response.destroy();
      throw error;
    }
  } finally {
    clearInterval(heartbeat);
    response.off('close', onClose);
  }
  return RESPONSE_ALREADY_SENT;
}

function toFrame(event: StoredEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${event.json}\n\n`;
}

function drained(response: ServerResponse, abortSignal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      abortSignal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    abortSignal.addEventListener('abort', done, { once: true });
  });
}
