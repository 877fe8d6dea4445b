import { pageSchema, usageQuerySchema, usageRowSchema } from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import { cursorInvalid } from '../errors/body-errors.js';
import { decodeCursor, toPage } from '../http/cursor.js';
import type { ServerRoute } from '../http/define-route.js';
import { queryOf } from './page-request.js';

/** The route that tells what keys have used. */
export function usageRoutes({ usage }: AppParts): ServerRoute[] {
  return [
    {
      name: 'listUsage',
      tag: 'Usage',
      summary: 'Lists what keys used, by day and model',
      description: 'A key with the role "user" sees its own usage only.',
      access: 'key',
      query: usageQuerySchema,
      answers: { 200: { description: 'A page of usage.', schema: pageSchema(usageRowSchema) } },
      async handle(c) {
        const query = queryOf(c, usageQuerySchema);
        const principal = c.get('principal');
        const limit = query.limit ?? 50;
        const rows = await usage.list({
          from: query.from,
          to: query.to,
          keyId: principal.role === 'admin' ? query.keyId : principal.keyId,
          after: readKey(query.cursor),
          limit: limit + 1,
        });
        return c.json(
          toPage(rows, limit, {
            key: (row) => JSON.stringify([row.day, row.keyId, row.modelId]),
            map: (row) => row,
          }),
        );
      },
    },
  ];
}

function readKey(cursor: string | undefined): readonly [string, string, string] | undefined {
  const text = decodeCursor(cursor);
  if (text === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(text);
    if (Array.isArray(key) && key.length === 3 && key.every((part) => typeof part === 'string')) {
      return key as unknown as readonly [string, string, string];
    }
  } catch {
    // Falls through to the refusal below.
  }
  throw cursorInvalid(cursor ?? '');
}
