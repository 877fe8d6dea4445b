import type { JsonObject } from '@espalier/core';
import type { z } from 'zod';
import { invalidRequest } from '../wire-error.js';

/**
 * The body checked against its wire's schema.
 *
 * @throws {WireError} `ERR_WIRE_REQUEST_INVALID` with the path of the first field that is wrong.
 */
export function parseWireBody<T>(schema: z.ZodType<T>, body: JsonObject): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw invalidRequest('The body is not valid.');
  const path = issue.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./u, '')
    .slice(0, 200);
  throw invalidRequest(
    `${path === '' ? 'The body' : `"${path}"`}: ${issue.message.slice(0, 300)}.`,
    path || undefined,
  );
}
