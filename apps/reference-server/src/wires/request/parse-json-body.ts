import { isUtf8 } from 'node:buffer';
import type { JsonObject, JsonValue } from '@espalier/core';
import { invalidRequest, WireError } from '../wire-error.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Escapes of which one may be half of a character, or hide a `__proto__`. */
const SUSPICIOUS = /\\u(?:[dD][89a-fA-F]|00[57][fF0-9])|__proto__/u;

/**
 * The JSON object in a body.
 *
 * Later duplicates of a key win; `__proto__` is dropped; a half surrogate becomes U+FFFD, so that nothing broken is
 * ever passed on.
 *
 * @throws {WireError} `ERR_WIRE_REQUEST_INVALID`: not UTF-8, deeper than `maxDepth`, not JSON, or not an object.
 */
export function parseJsonBody(bytes: Uint8Array, maxDepth: number): JsonObject {
  if (!isUtf8(bytes)) throw invalidRequest('The body is not valid UTF-8.');
  if (isDeeperThan(bytes, maxDepth)) {
    throw new WireError({
      kind: 'invalid-request',
      code: 'ERR_WIRE_BODY_TOO_DEEP',
      message: `The body nests deeper than the ${maxDepth} levels that this server takes.`,
    });
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new WireError({
      kind: 'invalid-request',
      code: 'ERR_WIRE_REQUEST_INVALID',
      message: `The body is not JSON: ${(error as Error).message.slice(0, 200).toWellFormed()}.`,
      cause: error,
    });
  }
  if (mayHideSomething(text) && SUSPICIOUS.test(text)) value = cleaned(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidRequest('The body must be a JSON object.');
  }
  return value;
}

/** Whether a text is worth the search by expression, which costs more than both of these. */
function mayHideSomething(text: string): boolean {
  return text.includes('\\u') || text.includes('__proto__');
}

/** Counts brackets outside strings; runs before the parser, so that depth can never cost a stack. */
function isDeeperThan(bytes: Uint8Array, maxDepth: number): boolean {
  let depth = 0;
  const { length } = bytes;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > maxDepth) return true;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    }
  }
  return false;
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(QUOTE, at);
    if (at === -1) return bytes.length;
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH && at - 1 - slashes >= from) slashes++;
    if (slashes % 2 === 0) return at;
    at++;
  }
}

function cleaned(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cleaned);
  const copy: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key !== '__proto__') copy[key.toWellFormed()] = cleaned(inner);
  }
  return copy;
}
