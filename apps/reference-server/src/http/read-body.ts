import type { IncomingMessage } from 'node:http';
import { bodyTimedOut, bodyTooLarge } from '../errors/body-errors.js';

/** How a body may arrive. */
export interface BodyLimits {
  /** Units: bytes. */
  readonly maxBytes: number;
  /** Between two pieces. Units: ms. */
  readonly idleMs: number;
}

/**
 * Reads a request's body whole.
 *
 * A body that declares or turns out to have more than `maxBytes` is refused before it is held.
 *
 * @throws {RequestError} `ERR_SERVER_BODY_TOO_LARGE`, `ERR_SERVER_BODY_TIMEOUT`
 */
export function readBody(incoming: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const declared = Number(incoming.headers['content-length'] ?? 0);
  if (declared > limits.maxBytes) return Promise.reject(bodyTooLarge(limits.maxBytes));
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      incoming.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      finish();
    };
    const onData = (piece: Buffer): void => {
      timer.refresh();
      size += piece.length;
      if (size <= limits.maxBytes) {
        pieces.push(piece);
        return;
      }
      incoming.pause();
      settle(() => {
        reject(bodyTooLarge(limits.maxBytes));
      });
    };
    const onEnd = (): void => {
      settle(() => {
        resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, size));
      });
    };
    const onError = (error: Error): void => {
      settle(() => {
        reject(error);
      });
    };
    const onClose = (): void => {
      onError(new DOMException('The client went away while it sent the body.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      settle(() => {
        reject(bodyTimedOut(limits.idleMs));
      });
    }, limits.idleMs);
    incoming.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}
