import {
  ROUTES,
  knowledgeBaseObjectSchema,
  pageSchema,
  routePath,
  type CreateKnowledgeBaseRequest,
  type KnowledgeBaseObject,
} from '@espalier/protocol';
import type { CallOptions, WriteOptions } from '../client-options.js';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** Named collections of documents that agents read. */
export interface KnowledgeBases {
  list(options?: ListOptions): Paginator<KnowledgeBaseObject>;
  get(options: { name: string } & CallOptions): Promise<KnowledgeBaseObject>;
  create(options: CreateKnowledgeBaseRequest & WriteOptions): Promise<KnowledgeBaseObject>;
  /** Removes it with all its documents. */
  delete(options: { name: string } & CallOptions): Promise<void>;
}

export function createKnowledgeBases(transport: Transport): KnowledgeBases {
  return {
    list: (list) =>
      createPaginator({
        transport,
        request: { route: 'listKnowledgeBases', path: ROUTES.listKnowledgeBases.path },
        schema: pageSchema(knowledgeBaseObjectSchema),
        list,
      }),
    get: ({ name, abortSignal, timeoutMs }) =>
      transport.json(
        {
          route: 'getKnowledgeBase',
          path: routePath('getKnowledgeBase', { name }),
          abortSignal,
          timeoutMs,
        },
        knowledgeBaseObjectSchema,
      ),
    create: ({ abortSignal, timeoutMs, idempotencyKey, ...body }) =>
      transport.json(
        {
          route: 'createKnowledgeBase',
          path: ROUTES.createKnowledgeBase.path,
          json: body,
          abortSignal,
          timeoutMs,
          idempotencyKey,
        },
        knowledgeBaseObjectSchema,
      ),
    delete: ({ name, abortSignal, timeoutMs }) =>
      transport.empty({
        route: 'deleteKnowledgeBase',
        path: routePath('deleteKnowledgeBase', { name }),
        abortSignal,
        timeoutMs,
      }),
  };
}
