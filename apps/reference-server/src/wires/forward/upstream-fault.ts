import { WireError } from '../wire-error.js';

/** The upstream closed, or the connection broke, before its answer was whole. */
export function upstreamClosed(cause?: unknown): WireError {
  return new WireError({
    kind: 'upstream',
    code: 'ERR_WIRE_UPSTREAM_CLOSED',
    message: 'The upstream closed the connection before its answer was complete.',
    cause,
  });
}

/** The upstream sent something that is not its API. */
export function upstreamGarbage(what: string, cause?: unknown): WireError {
  return new WireError({
    kind: 'upstream',
    code: 'ERR_WIRE_UPSTREAM_GARBAGE',
    message: `The upstream sent ${what}.`,
    cause,
  });
}

/** The answer is larger than the limit. */
export function upstreamTooLarge(limit: number): WireError {
  return new WireError({
    kind: 'upstream',
    code: 'ERR_WIRE_UPSTREAM_TOO_LARGE',
    message: `The upstream's answer is larger than the ${limit} bytes that this server reads.`,
  });
}

/** The upstream was silent, or sent no output, for too long. */
export function upstreamTimeout(what: string, ms: number, cause?: unknown): WireError {
  return new WireError({
    kind: 'timeout',
    code: 'ERR_WIRE_UPSTREAM_TIMEOUT',
    message: `The upstream sent no ${what} for ${ms} ms.`,
    cause,
  });
}

/** An error of the connection in the words of the wire. */
export function connectionFault(
  error: Error,
  timeouts: { headersMs: number; idleMs: number },
): WireError {
  if (WireError.isInstance(error)) return error;
  const { code = '' } = error as { code?: string };
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return upstreamTimeout('answer', timeouts.headersMs, error);
  if (code === 'UND_ERR_BODY_TIMEOUT') return upstreamTimeout('data', timeouts.idleMs, error);
  if (
    code === 'ECONNREFUSED' ||
    code === 'ENOTFOUND' ||
    code === 'EAI_AGAIN' ||
    code === 'UND_ERR_CONNECT_TIMEOUT'
  ) {
    return new WireError({
      kind: 'upstream',
      code: 'ERR_WIRE_UPSTREAM_UNREACHABLE',
      message: `The upstream cannot be reached (${code}).`,
      cause: error,
    });
  }
  if (code.startsWith('HPE_') || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return upstreamGarbage('something that is not HTTP', error);
  }
  return upstreamClosed(error);
}
