import { ModelResponseTooLargeError } from '../errors.js';
import { startLimit } from './start-limit.js';
import type { CallGuard } from './call-guard.js';
import type { CallRuntime } from './call-runtime.js';
import type { HttpResponse } from './http-transport.js';

/**
 * Yields an answer's bytes within the idle and size limits; leaving the loop early closes the connection.
 *
 * @throws {ModelTimeoutError} `ERR_INFERENCE_TIMEOUT`: no bytes for `idleMs`.
 * @throws {ModelResponseTooLargeError} `ERR_INFERENCE_RESPONSE_TOO_LARGE`
 */
export async function* readBody(
  response: HttpResponse,
  guard: CallGuard,
  runtime: CallRuntime,
): AsyncGenerator<Uint8Array> {
  const iterator = response.body[Symbol.asyncIterator]();
  let received = 0;
  try {
    for (;;) {
      startLimit(guard, runtime, 'idleMs');
      const next = await guard.race(iterator.next());
      guard.stop('idle');
      if (next.done === true) return;
      received += next.value.byteLength;
      if (received > runtime.maxResponseBytes) {
        throw new ModelResponseTooLargeError({
          ...runtime.identity,
          limitBytes: runtime.maxResponseBytes,
        });
      }
      yield next.value;
    }
  } finally {
    guard.stop('idle');
    // Not awaited: a generator whose read still waits would hold this up for as long.
    void iterator.return?.().catch(() => undefined);
  }
}
