import {
  routePath,
  searchResultSchema,
  type SearchRequest,
  type SearchResult,
} from '@espalier/protocol';
import type { CallOptions } from '../client-options.js';
import type { Transport } from '../internal/transport.js';

/** A search of one knowledge base. */
export interface SearchOptions extends SearchRequest, CallOptions {
  readonly knowledgeBase: string;
}

/** Returns the passages of a knowledge base that answer a query, best first. */
export type Search = (options: SearchOptions) => Promise<SearchResult>;

export function createSearch(transport: Transport): Search {
  return ({ knowledgeBase, abortSignal, timeoutMs, ...body }) =>
    transport.json(
      {
        route: 'search',
        path: routePath('search', { name: knowledgeBase }),
        json: body,
        abortSignal,
        timeoutMs,
      },
      searchResultSchema,
    );
}
