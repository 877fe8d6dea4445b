import type { Guardrails, JsonObject, JsonValue, RailPoint } from '@espalier/core';
import { blockedByRail } from '../wire-error.js';

/** A text inside a request that rails may change. */
export interface GuardedText {
  readonly point: Extract<RailPoint, 'input' | 'tool-result'>;
  readonly text: string;
  replace(text: string): void;
}

/**
 * Shows the texts of a request to the input rails, puts what they leave in place, and tells whether anything changed.
 *
 * @throws {WireError} `ERR_WIRE_BLOCKED` when a rail blocks.
 */
export async function guardInput(
  guardrails: Guardrails,
  texts: readonly GuardedText[],
): Promise<boolean> {
  let isChanged = false;
  const guardedPoints = new Set<RailPoint>(
    (['input', 'tool-result'] as const).filter((point) => guardrails.railsAt(point).length > 0),
  );
  for (const guarded of texts) {
    const { point, text } = guarded;
    if (text === '' || !guardedPoints.has(point)) continue;
    const result = await guardrails.check({ point, text });
    if (result.isBlocked) throw blockedByRail(result.reason);
    if (result.text === text) continue;
    guarded.replace(result.text);
    isChanged = true;
  }
  return isChanged;
}

/** The text at `key` of `holder`: a string, or a list of parts with a string at `text`. */
export function textsAt(
  holder: JsonObject,
  key: string,
  point: GuardedText['point'],
): GuardedText[] {
  const value = holder[key];
  if (typeof value === 'string') {
    return [{ point, text: value, replace: (text) => void (holder[key] = text) }];
  }
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((part) => textsAt(part, 'text', point));
}

/** Whether a JSON value is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
