import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '@espalier/core';
import { bodyNotJson, bodyNotUtf8, bodyTooDeep, bodyUnsafeMember } from '../errors/body-errors.js';

/** An escape that may be half of a character, or hide a letter of `__proto__`. */
const NEEDS_WALK = /\\u(?:[dD][89a-fA-F]|00)|__proto__/u;

/**
 * The JSON value of a body.
 *
 * The last of two equal members wins, as in `JSON.parse`; half a surrogate pair becomes U+FFFD.
 *
 * @throws {RequestError} `ERR_SERVER_BODY_NOT_UTF8`, `ERR_SERVER_BODY_TOO_DEEP`, `ERR_SERVER_BODY_NOT_JSON`,
 * `ERR_SERVER_BODY_UNSAFE_MEMBER`
 */
export function parseJson(bytes: Buffer, maxDepth: number): JsonValue {
  if (!isUtf8(bytes)) throw bodyNotUtf8();
  if (nestsDeeperThan(bytes, maxDepth)) throw bodyTooDeep(maxDepth);
  const text = bytes.toString('utf8');
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw bodyNotJson(
      bytes.length === 0
        ? 'it is empty.'
        : `${(error as Error).message.slice(0, 160).toWellFormed()}.`,
    );
  }
  return NEEDS_WALK.test(text) ? mended(value) : value;
}

/** Counts brackets outside strings before the parser runs, so that depth costs no stack. */
function nestsDeeperThan(bytes: Buffer, maxDepth: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (isInString) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) isInString = false;
    } else if (byte === 0x22) isInString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}

function mended(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') throw bodyUnsafeMember();
    copy[key.toWellFormed()] = mended(member);
  }
  return copy;
}
