import {
  routePath,
  trainingEventObjectSchema,
  trainingJobObjectSchema,
  type TrainingEventObject,
} from '@espalier/protocol';
import { InvalidResponseError } from '../errors.js';
import { followEvents, type FollowEventsOptions } from './follow-events.js';
import { readFrame } from './read-frame.js';

const FINAL: readonly unknown[] = ['succeeded', 'failed', 'cancelled'];

/**
 * Yields every event of a training job after `lastEventId` exactly once. Ends after the event with a final status.
 *
 * What a resumed job does again comes again, under later numbers.
 *
 * @throws {StreamInterruptedError} `ERR_SDK_STREAM_INTERRUPTED` — the attempts are spent.
 */
export function followTraining(
  follow: Pick<
    FollowEventsOptions<TrainingEventObject>,
    'transport' | 'options' | 'id' | 'lastEventId' | 'abortSignal'
  >,
): AsyncGenerator<{ id: number; event: TrainingEventObject }, void, undefined> {
  const { transport, id, abortSignal } = follow;
  return followEvents({
    ...follow,
    source: 'training job',
    route: 'streamTrainingJob',
    path: routePath('streamTrainingJob', { id }),
    parse: (frame, url) => {
      const entry = readFrame(frame, url);
      if (entry === undefined) return undefined;
      const event = trainingEventObjectSchema.safeParse(entry.data);
      if (event.success) return { id: entry.id, event: event.data };
      throw new InvalidResponseError({
        url,
        problem: `event ${entry.id} does not fit its schema`,
        cause: event.error,
      });
    },
    ending: ({ type, status }) =>
      type === 'status' && FINAL.includes(status) ? 'ended' : undefined,
    // Whoever has seen the last event is told nothing more.
    isOver: async () => {
      const path = routePath('getTrainingJob', { id });
      const job = await transport.json(
        { route: 'getTrainingJob', path, abortSignal },
        trainingJobObjectSchema,
      );
      return FINAL.includes(job.status);
    },
  });
}
