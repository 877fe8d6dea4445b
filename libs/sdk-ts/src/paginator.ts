import type { Page } from '@espalier/protocol';
import type { CallOptions } from './client-options.js';
import type { ResponseSchema, Transport, WireRequest } from './internal/transport.js';

/** What every list takes. */
export interface ListOptions extends CallOptions {
  /** `nextCursor` of the page to go on after. */
  readonly cursor?: string;
  /** The most entries of one page, not of the list. */
  readonly limit?: number;
}

/** A list that fetches its pages as they are needed: `for await (const item of list)` yields every entry. */
export interface Paginator<Item> extends AsyncIterable<Item> {
  /** Fetches the first page alone, or the one after `cursor`. */
  page(): Promise<Page<Item>>;
  /** Yields page after page. */
  pages(): AsyncIterable<Page<Item>>;
  /** Returns the entries of all pages, at most `max`. */
  toArray(options?: { max?: number }): Promise<Item[]>;
}

/** Creates the paginator of one list route. */
export function createPaginator<Item>(source: {
  transport: Transport;
  request: WireRequest;
  schema: ResponseSchema<Page<Item>>;
  list: ListOptions | undefined;
}): Paginator<Item> {
  const list = source.list ?? {};

  const fetchPage = (cursor: string | undefined): Promise<Page<Item>> =>
    source.transport.json(
      {
        ...source.request,
        query: { ...source.request.query, cursor, limit: list.limit },
        abortSignal: list.abortSignal,
        timeoutMs: list.timeoutMs,
      },
      source.schema,
    );

  async function* pages(): AsyncGenerator<Page<Item>, void, undefined> {
    let cursor = list.cursor;
    do {
      const page = await fetchPage(cursor);
      yield page;
      // A server that repeats a cursor would be asked for ever.
      if (page.nextCursor === cursor) return;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  async function* items(): AsyncGenerator<Item, void, undefined> {
    for await (const page of pages()) yield* page.data;
  }

  return {
    [Symbol.asyncIterator]: items,
    pages,
    page: () => fetchPage(list.cursor),
    async toArray(options) {
      const max = options?.max ?? Infinity;
      const all: Item[] = [];
      if (max <= 0) return all;
      for await (const item of items()) {
        all.push(item);
        if (all.length >= max) break;
      }
      return all;
    },
  };
}
