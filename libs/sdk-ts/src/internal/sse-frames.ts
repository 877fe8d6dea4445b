import type { Clock } from '@espalier/protocol';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** A line longer than this cannot come from a server within its own limits. Units: UTF-16 code units. */
const MAX_FRAME_CHARACTERS = 64 * 2 ** 20;

/** A connection brought nothing for longer than allowed. Never leaves the package: streams are resumed on it. */
export class IdleConnectionError extends Error {
  constructor(idleTimeoutMs: number) {
    super(`nothing came for ${idleTimeoutMs} ms`);
    this.name = 'IdleConnectionError';
  }
}

/**
 * Yields the whole frames of a body of server-sent events, in order.
 *
 * A frame that is cut off by the end of the body is dropped. The body is cancelled when the loop is left.
 *
 * @throws {IdleConnectionError} when no byte comes for `idleTimeoutMs`.
 */
export async function* readSseFrames(options: {
  body: ReadableStream<Uint8Array>;
  idleTimeoutMs: number;
  clock: Clock;
}): AsyncGenerator<EventSourceMessage, void, undefined> {
  const reader = options.body.getReader();
  const decoder = new TextDecoder();
  const frames: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (frame) => frames.push(frame),
    maxBufferSize: MAX_FRAME_CHARACTERS,
  });
  try {
    for (;;) {
      const chunk = await readWithin(reader, options);
      if (chunk.done) return;
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      for (let frame = frames.shift(); frame !== undefined; frame = frames.shift()) yield frame;
    }
  } finally {
    // Cancelling an already broken body rejects with what broke it, which has been told.
    reader.cancel().catch(() => undefined);
  }
}

function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  options: { idleTimeoutMs: number; clock: Clock },
): Promise<ReadableStreamReadResult<Uint8Array>> {
  return new Promise((resolve, reject) => {
    const stopTimer = options.clock.setTimer(options.idleTimeoutMs, () =>
      reject(new IdleConnectionError(options.idleTimeoutMs)),
    );
    reader.read().then(resolve, reject).finally(stopTimer);
  });
}
