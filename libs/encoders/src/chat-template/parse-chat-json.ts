import type { JsonValue } from '@espalier/core';
import { JinjaFloat } from './jinja/jinja-value.js';

/** What `JSON.parse` tells beside a value. */
interface Context {
  readonly source?: string;
}

/**
 * Parses JSON as Python does: a number written with a point or an exponent stays a floating-point number, which templates
 * print as `1.0`.
 *
 * @throws {SyntaxError} The text is no JSON.
 */
export function parseChatJson(text: string): JsonValue {
  const revive = (_key: string, value: unknown, context?: Context): unknown =>
    typeof value === 'number' && /[.eE]/u.test(context?.source ?? '')
      ? new JinjaFloat(value)
      : value;
  return JSON.parse(text, revive) as JsonValue;
}
