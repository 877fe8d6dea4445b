import type { Clock } from '@espalier/core';
import { bodyCut, bodyTooLarge } from './node-exchange.js';
import type { WireExchange } from './wire-exchange.js';

/** An exchange over a web `Request`, for hosts that are not Node's HTTP server and for in-process calls. */
export function createWebExchange(
  request: Request,
  clock: Clock,
): { exchange: WireExchange; response: Promise<Response> } {
  const encoder = new TextEncoder();
  const { promise: response, resolve, reject } = Promise.withResolvers<Response>();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isGone = request.signal.aborted;
  let isStarted = false;
  let gone: (() => void) | undefined;
  let wakeWriter: (() => void) | undefined;
  const leave = (): void => {
    if (isGone) return;
    isGone = true;
    gone?.();
    wakeWriter?.();
    reject(request.signal.reason instanceof Error ? request.signal.reason : bodyCut());
  };
  request.signal.addEventListener('abort', leave, { once: true });

  const exchange: WireExchange = {
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: (limits) => readWebBody(request, limits, clock),
    onClientGone(callback) {
      gone = callback;
      if (isGone) callback();
    },
    get isClientGone() {
      return isGone;
    },
    get isStarted() {
      return isStarted;
    },
    send(status, headers, body) {
      isStarted = true;
      resolve(new Response(body, { status, headers }));
    },
    start(status, headers) {
      isStarted = true;
      const stream = new ReadableStream<Uint8Array>({
        start(opened) {
          controller = opened;
        },
        pull() {
          wakeWriter?.();
        },
        cancel: leave,
      });
      resolve(new Response(stream, { status, headers }));
    },
    write(text) {
      if (isGone || controller === undefined) return true;
      controller.enqueue(encoder.encode(text));
      return (controller.desiredSize ?? 1) > 0;
    },
    drained() {
      if (isGone || (controller?.desiredSize ?? 1) > 0) return Promise.resolve();
      return new Promise((wake) => {
        wakeWriter = wake;
      });
    },
    end() {
      if (!isGone) controller?.close();
    },
    destroy() {
      if (!isGone) controller?.error(new Error('The answer was cut.'));
    },
  };
  return { exchange, response };
}

async function readWebBody(
  request: Request,
  limits: { bodyBytes: number; bodyIdleMs: number },
  clock: Clock,
): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limits.bodyBytes)
    throw bodyTooLarge(limits.bodyBytes);
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const stopTimer = clock.setTimer(
    limits.bodyIdleMs,
    () => void reader.cancel().catch(() => undefined),
  );
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > limits.bodyBytes) throw bodyTooLarge(limits.bodyBytes);
      chunks.push(value);
    }
  } finally {
    stopTimer();
  }
  return Buffer.concat(chunks, size);
}
