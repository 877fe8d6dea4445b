import {
  EVENT_STREAM_MEDIA_TYPE,
  LAST_EVENT_ID_HEADER,
  isFinalRunEvent,
  routePath,
  type RunStreamEvent,
} from '@espalier/protocol';
import type { ResolvedOptions } from '../client-options.js';
import {
  ApiError,
  EspalierClientError,
  InvalidResponseError,
  StreamInterruptedError,
} from '../errors.js';
import { parseRunFrame } from './parse-run-frame.js';
import { backoffMs } from './retry.js';
import { readSseFrames } from './sse-frames.js';
import type { Transport } from './transport.js';

/** What it takes to follow a run. */
export interface FollowRunOptions {
  readonly transport: Transport;
  readonly options: ResolvedOptions;
  readonly runId: string;
  /** Events up to this one are not delivered; 0 for all. */
  readonly lastEventId: number;
  readonly abortSignal: AbortSignal | undefined;
}

/**
 * Yields every event of a run after `lastEventId` exactly once, in order, over as many connections as it takes.
 *
 * Ends after the event that ends the run. A connection that closes early, stalls, or carries a garbled event is
 * given up and continued from the last whole event; attempts that bring nothing new are bounded.
 *
 * @throws {StreamInterruptedError} `ERR_SDK_STREAM_INTERRUPTED` — the attempts are spent.
 */
export async function* followRun(
  follow: FollowRunOptions,
): AsyncGenerator<RunStreamEvent, void, undefined> {
  const { clock, random, retry, stream } = follow.options;
  let lastEventId = follow.lastEventId;
  let failures = 0;
  let hasEnded = false;
  for (;;) {
    let cause: unknown = new Error('the connection closed before the run ended');
    try {
      for await (const entry of readConnection(follow, lastEventId)) {
        lastEventId = entry.id;
        failures = 0;
        if (entry.event === undefined) continue;
        // A pause ends the stream, unless the run was resumed since: then more follows.
        hasEnded = isFinalRunEvent(entry.event);
        yield { id: entry.id, event: entry.event };
        if (hasEnded && entry.event.type !== 'run-paused') return;
      }
    } catch (error) {
      follow.abortSignal?.throwIfAborted();
      if (!isWorthResuming(error)) throw error;
      cause = error;
    }
    if (hasEnded) return;
    failures += 1;
    if (failures > stream.maxResumes) {
      throw new StreamInterruptedError({
        runId: follow.runId,
        lastEventId,
        attempts: stream.maxResumes,
        cause,
      });
    }
    const retryAfterMs = ApiError.isInstance(cause) ? (cause.retryAfterMs ?? 0) : 0;
    if (retryAfterMs > retry.maxTotalMs) throw cause;
    const delayMs = Math.max(backoffMs({ policy: retry, random, attempt: failures }), retryAfterMs);
    await clock.sleep(
      delayMs,
      follow.abortSignal === undefined ? {} : { abortSignal: follow.abortSignal },
    );
  }
}

/** Yields what one connection brings after `lastEventId`, without repetitions and without gaps. */
async function* readConnection(
  follow: FollowRunOptions,
  lastEventId: number,
): AsyncGenerator<{ id: number; event: RunStreamEvent['event'] | undefined }, void, undefined> {
  const path = routePath('streamRun', { id: follow.runId });
  const response = await follow.transport.open({
    route: 'streamRun',
    path,
    headers: {
      accept: EVENT_STREAM_MEDIA_TYPE,
      ...(lastEventId > 0 ? { [LAST_EVENT_ID_HEADER]: String(lastEventId) } : {}),
    },
    abortSignal: follow.abortSignal,
  });
  const mediaType = response.headers.get('content-type') ?? '';
  if (response.body === null || !mediaType.startsWith(EVENT_STREAM_MEDIA_TYPE)) {
    await response.body?.cancel();
    throw new InvalidResponseError({
      url: path,
      problem: 'it is not a stream of server-sent events',
    });
  }
  let last = lastEventId;
  const frames = readSseFrames({
    body: response.body,
    idleTimeoutMs: follow.options.stream.idleTimeoutMs,
    clock: follow.options.clock,
  });
  for await (const frame of frames) {
    const entry = parseRunFrame(frame, path);
    if (entry === undefined || entry.id <= last) continue;
    if (entry.id !== last + 1) {
      throw new InvalidResponseError({
        url: path,
        problem: `event ${entry.id} follows event ${last}: something between them is missing`,
      });
    }
    last = entry.id;
    yield entry;
  }
}

/** A refusal is final; a broken connection, a garbled event or a server in trouble may be gone at the next attempt. */
function isWorthResuming(error: unknown): boolean {
  if (ApiError.isInstance(error)) return error.isRetryable;
  if (InvalidResponseError.isInstance(error)) return true;
  return EspalierClientError.isInstance(error) ? error.isRetryable : error instanceof Error;
}
