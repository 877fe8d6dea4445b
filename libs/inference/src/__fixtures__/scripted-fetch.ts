import { encodeUpstreamEvent, type UpstreamEvent } from '@espalier/testing';

/** A fetch that answers whole calls with the JSON and streamed calls with the events; a status of 400 fails both. */
export function createScriptedFetch(
  [json, events]: readonly [unknown, readonly UpstreamEvent[]],
  status: 200 | 400 = 200,
): typeof globalThis.fetch {
  return async (_input, init) => {
    init?.signal?.throwIfAborted();
    if (status === 400) return Response.json({ error: { message: 'No.' } }, { status });
    if (!(init?.body as string).includes('"stream":true')) return Response.json(json);
    return new Response(events.map(encodeUpstreamEvent).join(''), {
      headers: { 'content-type': 'text/event-stream' },
    });
  };
}
