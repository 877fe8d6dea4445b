import {
  EVENT_STREAM_MEDIA_TYPE,
  LAST_EVENT_ID_HEADER,
  routePath,
  trainingEventObjectSchema,
  type TrainingEventObject,
} from '@espalier/protocol';
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

/** What it takes to follow a training job. */
export interface FollowTrainingOptions {
  readonly transport: Transport;
  readonly options: ResolvedOptions;
  readonly id: string;
  readonly lastEventId: number;
  readonly abortSignal: AbortSignal | undefined;
}

const FINAL: readonly unknown[] = ['succeeded', 'failed', 'cancelled'];

/**
 * Yields every event of a training job after `lastEventId`, in order, over as many connections as it takes.
 *
 * Ends after the event with a final status. What a resumed run tells again comes again, under later numbers.
 */
export async function* followTraining(
  follow: FollowTrainingOptions,
): AsyncGenerator<{ id: number; event: TrainingEventObject }, void, undefined> {
  const { clock, random, retry, stream } = follow.options;
  let { lastEventId } = follow;
  let failures = 0;
  for (;;) {
    let cause: unknown = new Error('the connection closed before the job was over');
    try {
      let count = 0;
      for await (const entry of readConnection(follow, lastEventId)) {
        lastEventId = entry.id;
        failures = 0;
        count++;
        yield entry;
        if (entry.event.type === 'status' && FINAL.includes(entry.event['status'])) return;
      }
      // The job was over before this event.
      if (count === 0 && failures === 0 && lastEventId > 0) return;
    } catch (error) {
      follow.abortSignal?.throwIfAborted();
      if (!isWorthResuming(error)) throw error;
      cause = error;
    }
    failures += 1;
    if (failures > stream.maxResumes)
      throw new StreamInterruptedError({
        runId: follow.id,
        lastEventId,
        attempts: stream.maxResumes,
        cause,
      });
    await clock.sleep(
      backoffMs({ policy: retry, random, attempt: failures }),
      follow.abortSignal === undefined ? {} : { abortSignal: follow.abortSignal },
    );
  }
}

async function* readConnection(
  follow: FollowTrainingOptions,
  lastEventId: number,
): AsyncGenerator<{ id: number; event: TrainingEventObject }, void, undefined> {
  const path = routePath('streamTrainingJob', { id: follow.id });
  const response = await follow.transport.open({
    route: 'streamTrainingJob',
    path,
    headers: {
      accept: EVENT_STREAM_MEDIA_TYPE,
      ...(lastEventId > 0 && { [LAST_EVENT_ID_HEADER]: String(lastEventId) }),
    },
    abortSignal: follow.abortSignal,
  });
  if (response.body === null)
    throw new InvalidResponseError({ url: path, problem: 'it has no body' });
  const frames = readSseFrames({
    body: response.body,
    idleTimeoutMs: follow.options.stream.idleTimeoutMs,
    clock: follow.options.clock,
  });
  for await (const frame of frames) {
    const id = Number(frame.id);
    if (!Number.isSafeInteger(id) || id <= lastEventId) continue;
    const event = trainingEventObjectSchema.safeParse(JSON.parse(frame.data));
    if (!event.success)
      throw new InvalidResponseError({
        url: path,
        problem: `event ${id} is none`,
        cause: event.error,
      });
    yield { id, event: event.data };
  }
}

function isWorthResuming(error: unknown): boolean {
  if (ApiError.isInstance(error)) return error.isRetryable;
  if (InvalidResponseError.isInstance(error)) return true;
  return EspalierClientError.isInstance(error) ? error.isRetryable : error instanceof Error;
}
