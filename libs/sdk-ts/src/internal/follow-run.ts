import { isFinalRunEvent, routePath, type RunStreamEvent } from '@espalier/protocol';
import { followEvents, type FollowEventsOptions } from './follow-events.js';
import { parseRunFrame } from './parse-run-frame.js';

/** What it takes to follow a run. */
export interface FollowRunOptions extends Pick<
  FollowEventsOptions<RunStreamEvent['event']>,
  'transport' | 'options' | 'lastEventId' | 'abortSignal'
> {
  readonly runId: string;
}

/**
 * Yields every event of a run after `lastEventId` exactly once. Ends after the event that ends the run.
 *
 * @throws {StreamInterruptedError} `ERR_SDK_STREAM_INTERRUPTED` — the attempts are spent.
 */
export function followRun({
  runId,
  ...follow
}: FollowRunOptions): AsyncGenerator<RunStreamEvent, void, undefined> {
  return followEvents({
    ...follow,
    id: runId,
    source: 'run',
    route: 'streamRun',
    path: routePath('streamRun', { id: runId }),
    parse: parseRunFrame,
    ending: (event) => {
      if (!isFinalRunEvent(event)) return undefined;
      // A pause ends the stream, unless the run was resumed since: then more follows.
      return event.type === 'run-paused' ? 'may-end' : 'ended';
    },
  });
}
