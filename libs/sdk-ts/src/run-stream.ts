import type { RunEvent, RunStreamEvent } from '@espalier/protocol';
import { RunNotFinishedError } from './errors.js';

/** The event with which a run ends that has an answer. */
export type RunFinishedEvent = Extract<RunEvent, { type: 'run-finished' }>;

/**
 * The events of a run as they happen, each exactly once; read it with one `for await`, `text()` or `result()`.
 *
 * Nothing is sent before the first event is asked for.
 */
export interface RunStream extends AsyncIterable<RunEvent> {
  /** The run's id; `undefined` before the server has named it. */
  readonly runId: string | undefined;
  /** The id of the last event delivered; with `runId` it is all that `runs.attach` needs to go on. */
  readonly lastEventId: number;
  /** Yields the pieces of the answer's text alone. */
  text(): AsyncIterable<string>;
  /**
   * Reads to the end and returns the event that holds the answer.
   *
   * @throws {RunNotFinishedError} `ERR_SDK_RUN_NOT_FINISHED` — the run failed, was cancelled, or waits.
   */
  result(): Promise<RunFinishedEvent>;
}

/** Where a stream comes from. */
export interface RunStreamSource {
  readonly runId: () => string | undefined;
  readonly lastEventId: number;
  readonly open: () => AsyncGenerator<RunStreamEvent, void, undefined>;
}

/** Creates a stream over its source. */
export function createRunStream(source: RunStreamSource): RunStream {
  let lastEventId = source.lastEventId;
  let isTaken = false;

  async function* events(): AsyncGenerator<RunEvent, void, undefined> {
    if (isTaken) {
      throw new TypeError(
        'A run stream is read once. Call runs.attach for a second reading of the same run.',
      );
    }
    isTaken = true;
    for await (const entry of source.open()) {
      lastEventId = entry.id;
      yield entry.event;
    }
  }

  return {
    get runId() {
      return source.runId();
    },
    get lastEventId() {
      return lastEventId;
    },
    [Symbol.asyncIterator]: events,
    async *text() {
      for await (const event of events()) {
        if (event.type === 'text-delta') yield event.text;
        else throwIfNotFinished(event, source.runId());
      }
    },
    async result() {
      let finished: RunFinishedEvent | undefined;
      let paused: RunEvent | undefined;
      for await (const event of events()) {
        if (event.type === 'run-finished') finished = event;
        if (event.type === 'run-paused') paused = event;
        else throwIfNotFinished(event, source.runId());
      }
      if (finished !== undefined) return finished;
      throw new RunNotFinishedError({
        runId: source.runId() ?? '',
        outcome: paused === undefined ? 'cancelled' : 'paused',
      });
    },
  };
}

function throwIfNotFinished(event: RunEvent, runId = ''): void {
  if (event.type === 'run-failed') {
    throw new RunNotFinishedError({ runId, outcome: 'failed', error: event.error });
  }
  if (event.type === 'run-cancelled')
    throw new RunNotFinishedError({ runId, outcome: 'cancelled' });
}
