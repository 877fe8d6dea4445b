import { createParser } from 'eventsource-parser';

/** One event of a server-sent-event stream. */
export interface SseEvent {
  readonly event: string | undefined;
  readonly data: string;
  /** Whether the stream ended before the blank line that ends an event; the data may be cut. */
  readonly isUnterminated: boolean;
}

/**
 * Yields the events of a byte stream; comments yield nothing.
 *
 * What stands at the end without its blank line is yielded too, marked, since some servers leave the last one out.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export async function* readSseEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SseEvent> {
  let ready: SseEvent[] = [];
  let isUnterminated = false;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      ready.push({ event, data, isUnterminated });
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of bytes) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (ready.length === 0) continue;
    const events = ready;
    ready = [];
    yield* events;
  }
  isUnterminated = true;
  parser.feed(`${decoder.decode()}\n\n`);
  yield* ready;
}
