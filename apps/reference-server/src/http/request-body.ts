import type { JsonValue } from '@espalier/core';
import type { z } from 'zod';
import { bodyMediaType } from '../errors/body-errors.js';
import { parseJson } from './parse-json.js';
import { readBody } from './read-body.js';
import type { ServerContext } from './server-variables.js';
import { validate } from './validate.js';

/** The limits of bodies that routes read. */
export interface RequestLimits {
  /** Units: bytes. */
  readonly bodyBytes: number;
  /** Units: ms. */
  readonly bodyIdleMs: number;
  readonly jsonDepth: number;
}

/** A body that was read: its JSON as sent, and as its schema makes it. */
export interface JsonBody<Output> {
  readonly raw: JsonValue;
  readonly value: Output;
}

/** The media type of a request, without parameters. */
export function mediaTypeOf(c: ServerContext): string {
  return (c.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The bytes of a request's body. */
export function readRequestBytes(c: ServerContext, limits: RequestLimits): Promise<Buffer> {
  return readBody(c.env.incoming, { maxBytes: limits.bodyBytes, idleMs: limits.bodyIdleMs });
}

/**
 * Reads a JSON body and checks it.
 *
 * @throws {RequestError} what `readBody`, `parseJson` and `validate` throw, and `ERR_SERVER_BODY_MEDIA_TYPE`.
 */
export async function readJsonBody<Output>(
  c: ServerContext,
  schema: z.ZodType<Output>,
  limits: RequestLimits,
): Promise<JsonBody<Output>> {
  const mediaType = mediaTypeOf(c);
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json')) {
    throw bodyMediaType(c.req.header('content-type'), 'application/json');
  }
  const raw = parseJson(await readRequestBytes(c, limits), limits.jsonDepth);
  return { raw, value: validate(schema, raw, 'body') };
}
