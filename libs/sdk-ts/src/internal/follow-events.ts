import { EVENT_STREAM_MEDIA_TYPE, LAST_EVENT_ID_HEADER, type RouteName } from '@espalier/protocol';
import type { EventSourceMessage } from 'eventsource-parser';
import type { ResolvedOptions } from '../client-options.js';
import {
  ApiError,
  EspalierClientError,
  InvalidResponseError,
  StreamInterruptedError,
} from '../errors.js';
import { backoffMs } from './retry.js';
import { readSseFrames } from './sse-frames.js';
import type { Transport } from './transport.js';

/** An event with its place; one without a known type has only the place. */
export interface FollowedEvent<Event> {
  readonly id: number;
  readonly event: Event | undefined;
}

/** What it takes to follow the events of a run or a job. */
export interface FollowEventsOptions<Event> {
  readonly transport: Transport;
  readonly options: ResolvedOptions;
  readonly route: RouteName;
  readonly path: string;
  /** The run or job. */
  readonly id: string;
  readonly source: 'run' | 'training job';
  /** Events up to this one are not delivered; 0 for all. */
  readonly lastEventId: number;
  readonly abortSignal: AbortSignal | undefined;
  /** Gives `undefined` for frames that carry no event. */
  readonly parse: (frame: EventSourceMessage, url: string) => FollowedEvent<Event> | undefined;
  /** `ended`: nothing follows. `may-end`: the stream may end here, or go on. */
  readonly ending: (event: Event) => 'ended' | 'may-end' | undefined;
  /** Asked where a connection ends without an event that ends it. */
  readonly isOver?: () => Promise<boolean>;
}

/**
 * Yields every event after `lastEventId` exactly once, in order, over as many connections as it takes.
 *
 * A connection that closes early, stalls, or carries a garbled event is given up and continued from the last whole
 * event; attempts that bring nothing new are bounded.
 *
 * @throws {StreamInterruptedError} `ERR_SDK_STREAM_INTERRUPTED` — the attempts are spent.
 */
export async function* followEvents<Event>(
  follow: FollowEventsOptions<Event>,
): AsyncGenerator<{ id: number; event: Event }, void, undefined> {
  const { clock, random, retry, stream } = follow.options;
  let lastEventId = follow.lastEventId;
  let failures = 0;
  let hasEnded = false;
  for (;;) {
    let cause: unknown = new Error('the connection closed before the end');
    try {
      for await (const { id, event } of readConnection(follow, lastEventId)) {
        lastEventId = id;
        failures = 0;
        if (event === undefined) continue;
        const ending = follow.ending(event);
        hasEnded = ending !== undefined;
        yield { id, event };
        if (ending === 'ended') return;
      }
      if (hasEnded || (await follow.isOver?.()) === true) return;
    } catch (error) {
      follow.abortSignal?.throwIfAborted();
      if (!isWorthResuming(error)) throw error;
      if (hasEnded) return;
      cause = error;
    }
    failures += 1;
    if (failures > stream.maxResumes) {
      throw new StreamInterruptedError({
        runId: follow.id,
        source: follow.source,
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
async function* readConnection<Event>(
  follow: FollowEventsOptions<Event>,
  lastEventId: number,
): AsyncGenerator<FollowedEvent<Event>, void, undefined> {
  const { route, path, abortSignal } = follow;
  const response = await follow.transport.open({
    route,
    path,
    headers: {
      accept: EVENT_STREAM_MEDIA_TYPE,
      ...(lastEventId > 0 ? { [LAST_EVENT_ID_HEADER]: String(lastEventId) } : {}),
    },
    abortSignal,
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
    const entry = follow.parse(frame, path);
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
