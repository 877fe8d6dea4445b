import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

interface Notes {
  requestId: string;
  route: string | undefined;
}

const notes = new WeakMap<IncomingMessage, Notes>();
const SAFE_ID = /^[A-Za-z0-9._-]{8,64}$/u;

function notesOf(incoming: IncomingMessage): Notes {
  let entry = notes.get(incoming);
  if (entry === undefined) {
    const given = incoming.headers['x-request-id'];
    const requestId =
      typeof given === 'string' && SAFE_ID.test(given)
        ? given
        : `req_${randomBytes(12).toString('hex')}`;
    entry = { requestId, route: undefined };
    notes.set(incoming, entry);
  }
  return entry;
}

/** The id of a request: the caller's `x-request-id` where it is a plain one, else a new one. */
export function requestIdOf(incoming: IncomingMessage): string {
  return notesOf(incoming).requestId;
}

/** Notes the route that serves a request, for logs and metrics. */
export function noteRoute(incoming: IncomingMessage, route: string): void {
  notesOf(incoming).route = route;
}

/** The route of a request; `undefined` where none of the native ones serves it. */
export function routeOf(incoming: IncomingMessage): string | undefined {
  return notes.get(incoming)?.route;
}
