import { pageQuerySchema } from '@espalier/protocol';
import type { z } from 'zod';
import { decodeCursor } from '../http/cursor.js';
import type { ServerContext } from '../http/server-variables.js';
import { validate } from '../http/validate.js';

const DEFAULT_LIMIT = 50;

/** The page that a list was asked for: the key behind which it begins, and how long it may be. */
export function pageRequest(c: ServerContext): { after: string | undefined; limit: number } {
  const { cursor, limit } = validate(pageQuerySchema, c.req.query(), 'query');
  return { after: decodeCursor(cursor), limit: limit ?? DEFAULT_LIMIT };
}

/** The query parameters of a request, checked. */
export function queryOf<Output>(c: ServerContext, schema: z.ZodType<Output>): Output {
  return validate(schema, c.req.query(), 'query');
}
