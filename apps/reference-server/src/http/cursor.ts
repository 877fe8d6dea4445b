import { cursorInvalid } from '../errors/body-errors.js';

/** Makes an opaque cursor of a sort key. */
export function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/**
 * The sort key of a cursor.
 *
 * @throws {RequestError} `ERR_SERVER_CURSOR_INVALID`
 */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key === '' || encodeCursor(key) !== cursor) throw cursorInvalid(cursor);
  return key;
}

/** Cuts a list that was read with one entry more than `limit` into a page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  options: { key: (row: Row) => string; map: (row: Row) => Item },
): { data: Item[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    data: kept.map(options.map),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(options.key(last)) : null,
  };
}
