import type { JsonObject, JsonValue } from '@espalier/core';
import { isObject } from '../request/guard-input.js';

/** How many events may be learned from without the next one being like it, before learning ends. */
const MOST_FAILURES = 3;
const PROBE = 'probe';
/** What stands in JSON text as it stands in the string. */
const PLAIN = /^[^"\\\u0000-\u001f]+$/u;

/** An event that holds a piece of one choice's content and nothing else that is new. */
export interface ContentEvent {
  /** As it came. */
  readonly data: string;
  /** As the caller gets it. */
  readonly raw: string;
  readonly text: string;
  /** The parsed event; of one that was not parsed, that of the event it is like. */
  readonly chunk: JsonObject;
}

/** What was learned: an event before and behind its content, as it came and as it goes on. */
interface Learned {
  readonly before: string;
  readonly after: string;
  readonly rawBefore: string;
  readonly rawAfter: string;
  readonly chunk: JsonObject;
}

/**
 * Reads the events of a stream that differ from one another in their content alone, without parsing them.
 *
 * Most of a stream is such events. What is read is what parsing would give: both ends are equal to those of an event
 * that was parsed, and what stands between them is one JSON string without escapes.
 */
export class ContentTemplate {
  #learned: Learned | undefined;
  #failures = 0;

  /** Reads an event that is like the one that was learned; `undefined`: it must be parsed. */
  read(data: string): ContentEvent | undefined {
    const learned = this.#learned;
    if (learned === undefined) return undefined;
    const { before, after, chunk } = learned;
    if (data.length <= before.length + after.length) return undefined;
    if (!data.startsWith(before) || !data.endsWith(after)) return undefined;
    const text = data.slice(before.length, data.length - after.length);
    if (!PLAIN.test(text)) return undefined;
    this.#failures = 0;
    return { data, raw: learned.rawBefore + text + learned.rawAfter, text, chunk };
  }

  /** Learns a parsed event whose only choice holds nothing but `text`, where its ends are certain. */
  learn(event: ContentEvent): void {
    if (this.#failures >= MOST_FAILURES) return;
    this.#failures += 1;
    const { data, raw, text, chunk } = event;
    const ends = endsAround(data, text);
    const rawEnds = endsAround(raw, text);
    if (ends === undefined || rawEnds === undefined || !isContentBetween(ends)) return;
    const [before, after] = ends;
    const [rawBefore, rawAfter] = rawEnds;
    this.#learned = { before, after, rawBefore, rawAfter, chunk };
  }
}

function endsAround(json: string, text: string): [string, string] | undefined {
  if (!PLAIN.test(text)) return undefined;
  const field = `"content":"${text}"`;
  const at = json.indexOf(field);
  if (at === -1 || json.indexOf(field, at + 1) !== -1) return undefined;
  return [json.slice(0, at + field.length - text.length - 1), json.slice(at + field.length - 1)];
}

/** Whether a text between these ends is read as the content of the first choice. */
function isContentBetween([before, after]: [string, string]): boolean {
  let chunk: JsonValue;
  try {
    chunk = JSON.parse(before + PROBE + after) as JsonValue;
  } catch {
    return false;
  }
  const choices = isObject(chunk) ? chunk['choices'] : undefined;
  const choice = Array.isArray(choices) ? choices[0] : undefined;
  const delta = isObject(choice) ? choice['delta'] : undefined;
  return isObject(delta) && delta['content'] === PROBE;
}
