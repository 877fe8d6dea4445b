import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@espalier/core';
import { WireError } from '../wire-error.js';
import type { WireExchange } from './wire-exchange.js';

/** How much of a refused body is read and dropped so that the client gets to see the refusal. Units: bytes. */
const DISCARD_BYTES = 256 * 1024 * 1024;

/** How long a client may leave an answer unread before it is cut off. Units: ms. */
const WRITE_IDLE_MS = 60_000;

/** An exchange on Node's own request and response, with no streams between. */
export function createNodeExchange(
  req: IncomingMessage,
  res: ServerResponse,
  clock: Clock,
): WireExchange {
  let isGone = false;
  let isStarted = false;
  let hasPendingBody = req.headers['content-length'] !== '0';
  let gone: (() => void) | undefined;
  let wakeWriter: (() => void) | undefined;
  const onClose = (): void => {
    const wake = wakeWriter;
    wakeWriter = undefined;
    if (!res.writableFinished) {
      isGone = true;
      gone?.();
    }
    wake?.();
  };
  res.on('close', onClose);
  // A reset connection is the client's business; without a listener it would end the process.
  res.on('error', ignore);
  req.on('error', ignore);

  return {
    header(name) {
      const value = req.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    readBody: (limits) =>
      readBody(req, clock, limits).then((body) => {
        hasPendingBody = false;
        return body;
      }),
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
      if (isGone || isStarted) return;
      isStarted = true;
      const byteLength = Buffer.byteLength(body);
      headers['content-length'] = String(byteLength);
      if (hasPendingBody && !req.complete) {
        headers['connection'] = 'close';
        discardBody(req, clock);
      }
      res.writeHead(status, headers);
      res.end(body, encodingFor(body, byteLength));
    },
    start(status, headers) {
      if (isGone || isStarted) return;
      isStarted = true;
      res.writeHead(status, headers);
    },
    write: (text) => isGone || res.write(text, encodingFor(text, Buffer.byteLength(text))),
    drained() {
      if (isGone || !res.writableNeedDrain) return Promise.resolve();
      return new Promise((resolve) => {
        const stopTimer = clock.setTimer(WRITE_IDLE_MS, () => res.destroy());
        const wake = (): void => {
          wakeWriter = undefined;
          stopTimer();
          res.off('drain', wake);
          resolve();
        };
        wakeWriter = wake;
        res.on('drain', wake);
      });
    },
    end() {
      if (!isGone) res.end();
    },
    destroy() {
      res.destroy();
    },
  };
}

/** For ASCII both encodings give the same bytes, and this one is copied as it is. */
function encodingFor(text: string, byteLength: number): 'latin1' | 'utf8' {
  return byteLength === text.length ? 'latin1' : 'utf8';
}

function ignore(): void {
  return;
}

function readBody(
  req: IncomingMessage,
  clock: Clock,
  limits: { bodyBytes: number; bodyIdleMs: number },
): Promise<Uint8Array> {
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > limits.bodyBytes) return Promise.reject(bodyTooLarge(limits.bodyBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let lastAtMs = clock.monotonic();
    let stopTimer = clock.setTimer(limits.bodyIdleMs, onTimer);
    function onTimer(): void {
      const idleMs = clock.monotonic() - lastAtMs;
      if (idleMs >= limits.bodyIdleMs - 1) finish(bodyIdle(limits.bodyIdleMs));
      else stopTimer = clock.setTimer(limits.bodyIdleMs - idleMs, onTimer);
    }
    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size > limits.bodyBytes) {
        finish(bodyTooLarge(limits.bodyBytes));
        return;
      }
      lastAtMs = clock.monotonic();
      chunks.push(chunk);
    }
    function onEnd(): void {
      finish(undefined);
    }
    function onClose(): void {
      finish(bodyCut());
    }
    function finish(error: WireError | undefined): void {
      stopTimer();
      req.off('data', onData);
      req.off('end', onEnd);
      req.off('close', onClose);
      if (error === undefined)
        resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
      else reject(error);
    }
    req.on('data', onData);
    req.on('end', onEnd);
    req.on('close', onClose);
  });
}

/** Reads on and drops, so that a client that is still sending gets to read the answer; within bounds. */
function discardBody(req: IncomingMessage, clock: Clock): void {
  let dropped = 0;
  const stopTimer = clock.setTimer(30_000, () => req.destroy());
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > DISCARD_BYTES) req.destroy();
  });
  req.on('close', stopTimer);
  req.resume();
}

/** The body is larger than the server takes. */
export function bodyTooLarge(limit: number): WireError {
  return new WireError({
    kind: 'too-large',
    code: 'ERR_WIRE_BODY_TOO_LARGE',
    message: `The body is larger than the ${limit} bytes that this server takes.`,
    openaiCode: 'request_too_large',
  });
}

function bodyIdle(idleMs: number): WireError {
  return new WireError({
    kind: 'timeout',
    status: 408,
    code: 'ERR_WIRE_BODY_IDLE',
    message: `No byte of the body came for ${idleMs} ms.`,
  });
}

/** The client closed its side before the body was whole. */
export function bodyCut(): WireError {
  return new WireError({
    kind: 'invalid-request',
    code: 'ERR_WIRE_BODY_CUT',
    message: 'The connection closed before the body was whole.',
  });
}
