import type { EventSourceMessage } from 'eventsource-parser';
import { InvalidResponseError } from '../errors.js';

/**
 * Reads place and JSON of a frame; `undefined` for frames without an id, which carry no event.
 *
 * @throws {InvalidResponseError} `ERR_SDK_INVALID_RESPONSE` — the frame is garbled.
 */
export function readFrame(
  frame: EventSourceMessage,
  url: string,
): { id: number; data: unknown } | undefined {
  if (frame.id === undefined || frame.id === '') return undefined;
  const id = Number(frame.id);
  if (!Number.isSafeInteger(id) || id < 1) {
    throw new InvalidResponseError({ url, problem: 'an event has no id that counts from 1' });
  }
  try {
    return { id, data: JSON.parse(frame.data) as unknown };
  } catch (cause) {
    throw new InvalidResponseError({ url, problem: 'an event holds no JSON', cause });
  }
}
