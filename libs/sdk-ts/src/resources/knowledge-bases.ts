import {
  ROUTES,
  healthReportSchema,
  jobObjectSchema,
  knowledgeBaseObjectSchema,
  pageSchema,
  routePath,
  type CreateKnowledgeBaseRequest,
  type HealthReportObject,
  type JobObject,
  type KnowledgeBaseObject,
} from '@espalier/protocol';
import type { CallOptions, ResolvedOptions, WriteOptions } from '../client-options.js';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** Named collections of documents that agents read. */
export interface KnowledgeBases {
  list(options?: ListOptions): Paginator<KnowledgeBaseObject>;
  get(options: { name: string } & CallOptions): Promise<KnowledgeBaseObject>;
  create(options: CreateKnowledgeBaseRequest & WriteOptions): Promise<KnowledgeBaseObject>;
  /** Removes it with all its documents. */
  delete(options: { name: string } & CallOptions): Promise<void>;
  /** Compares the index with the documents; changes nothing. */
  health(options: { name: string } & CallOptions): Promise<HealthReportObject>;
  /** Begins to put right what `health` finds; `jobs.wait` tells when it is done. */
  repair(options: { name: string } & WriteOptions): Promise<JobObject>;
  /** Begins to build the index anew with the configured model; `jobs.wait` tells when it is done. */
  reindex(options: { name: string } & WriteOptions): Promise<JobObject>;
  /** Begins to take vectors over from `lancedb`, `simd` or a store under `formerStores` of the server's configuration; `jobs.wait` tells when it is done. */
  migrate(options: { name: string; from: string } & WriteOptions): Promise<JobObject>;
  /** Begins to write everything to a file in the server's `snapshots` folder; `jobs.wait` tells when it is done. */
  snapshot(options: { name: string; file: string } & WriteOptions): Promise<JobObject>;
  /** Begins to make a knowledge base from such a file; `jobs.wait` tells when it is done. */
  restore(options: { name: string; file: string } & WriteOptions): Promise<JobObject>;
}

type JobRoute =
  | 'repairKnowledgeBase'
  | 'reindexKnowledgeBase'
  | 'migrateKnowledgeBase'
  | 'snapshotKnowledgeBase'
  | 'restoreKnowledgeBase';

export function createKnowledgeBases(
  transport: Transport,
  options: ResolvedOptions,
): KnowledgeBases {
  function begin(
    route: JobRoute,
    request: { name: string; file?: string; from?: string } & WriteOptions,
  ): Promise<JobObject> {
    const { name, abortSignal, timeoutMs, idempotencyKey, ...body } = request;
    return transport.json(
      {
        route,
        path: routePath(route, { name }),
        json: body,
        abortSignal,
        timeoutMs,
        idempotencyKey,
      },
      jobObjectSchema,
    );
  }

  return {
    health: ({ name, abortSignal, timeoutMs }) =>
      transport.json(
        {
          route: 'checkKnowledgeBase',
          path: routePath('checkKnowledgeBase', { name }),
          abortSignal,
          timeoutMs: timeoutMs ?? options.longTimeoutMs,
        },
        healthReportSchema,
      ),
    repair: (request) => begin('repairKnowledgeBase', request),
    reindex: (request) => begin('reindexKnowledgeBase', request),
    migrate: (request) => begin('migrateKnowledgeBase', request),
    snapshot: (request) => begin('snapshotKnowledgeBase', request),
    restore: (request) => begin('restoreKnowledgeBase', request),
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
