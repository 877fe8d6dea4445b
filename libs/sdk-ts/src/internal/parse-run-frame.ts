import { runStreamEventSchema, type RunStreamEvent } from '@espalier/protocol';
import type { EventSourceMessage } from 'eventsource-parser';
import { InvalidResponseError } from '../errors.js';
import { readFrame } from './read-frame.js';

/** A frame of a run's stream: a known event, or the place of one that a newer server knows. */
export type RunFrame =
  | { readonly id: number; readonly event: RunStreamEvent['event'] }
  | { readonly id: number; readonly event: undefined };

const KNOWN_TYPES: ReadonlySet<string> = new Set(
  runStreamEventSchema.shape.event.options.map((option) => option.shape.type.value),
);

/**
 * Reads one frame; `undefined` for frames without an id, which carry no event of the run.
 *
 * @throws {InvalidResponseError} `ERR_SDK_INVALID_RESPONSE` — the frame is garbled.
 */
export function parseRunFrame(frame: EventSourceMessage, url: string): RunFrame | undefined {
  const entry = readFrame(frame, url);
  if (entry === undefined) return undefined;
  const { id, data } = entry;
  const parsed = runStreamEventSchema.safeParse({ id, event: data });
  if (parsed.success) return parsed.data;
  const type = typeof data === 'object' && data !== null && 'type' in data ? data.type : undefined;
  if (typeof type === 'string' && !KNOWN_TYPES.has(type)) return { id, event: undefined };
  throw new InvalidResponseError({
    url,
    problem: `event ${id} does not fit the schema of its type`,
    cause: parsed.error,
  });
}
