import { runEventSchema, type RunEvent } from '@espalier/core';
import * as z from '@espalier/core/zod';

/** The media type of a run's stream. */
export const EVENT_STREAM_MEDIA_TYPE = 'text/event-stream';

/** The header with which a client that lost its connection asks for what follows. */
export const LAST_EVENT_ID_HEADER = 'last-event-id';

/**
 * One event of a run's stream with its place.
 *
 * `id` counts from 1 within a run, without gaps; a run that is resumed after a pause counts on.
 */
export const runStreamEventSchema = z
  .object({ id: z.int().min(1), event: runEventSchema })
  .meta({ id: 'RunStreamEvent' });
export interface RunStreamEvent {
  id: number;
  event: RunEvent;
}

/** The event types after which a stream ends. */
export const FINAL_EVENT_TYPES = [
  'run-finished',
  'run-paused',
  'run-failed',
  'run-cancelled',
] as const;

/** Whether a run's stream ends with this event. */
export function isFinalRunEvent(event: Pick<RunEvent, 'type'>): boolean {
  return (FINAL_EVENT_TYPES as readonly string[]).includes(event.type);
}

/** The SSE frame of an event: `id`, `event` (its type) and `data` (its JSON) lines and a blank line. */
export function encodeRunStreamEvent(entry: RunStreamEvent): string {
  return encodeSseFrame({
    id: String(entry.id),
    event: entry.event.type,
    data: JSON.stringify(entry.event),
  });
}

/** An SSE frame; `data` must hold no line break, as JSON text holds none. */
export function encodeSseFrame(frame: { id?: string; event?: string; data: string }): string {
  const id = frame.id === undefined ? '' : `id: ${frame.id}\n`;
  const event = frame.event === undefined ? '' : `event: ${frame.event}\n`;
  return `${id}${event}data: ${frame.data}\n\n`;
}
