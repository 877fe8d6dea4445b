import {
  graphAnswerSchema,
  graphObjectSchema,
  jobObjectSchema,
  routePath,
  type AskGraphRequest,
  type GraphAnswer,
  type GraphObject,
  type JobObject,
} from '@espalier/protocol';
import type { CallOptions, ResolvedOptions, WriteOptions } from '../client-options.js';
import type { Transport } from '../internal/transport.js';

/** A question to the graph of a knowledge base. */
export interface AskGraphOptions extends AskGraphRequest, CallOptions {
  readonly knowledgeBase: string;
}

/** Entities, relations and communities of knowledge bases (GraphRAG). */
export interface Graphs {
  /** How far the graph is; counts of a graph that was never built are 0. */
  get(options: { knowledgeBase: string } & CallOptions): Promise<GraphObject>;
  /** Begins to read the documents that the graph lacks; `jobs.wait` tells when it is done. */
  build(options: { knowledgeBase: string } & WriteOptions): Promise<JobObject>;
  /** Asks about certain things (`local`) or about the documents as a whole (`global`). */
  ask(options: AskGraphOptions): Promise<GraphAnswer>;
  /** Removes the graph; the documents stay. */
  delete(options: { knowledgeBase: string } & CallOptions): Promise<void>;
}

export function createGraphs(transport: Transport, options: ResolvedOptions): Graphs {
  return {
    get: ({ knowledgeBase, abortSignal, timeoutMs }) =>
      transport.json(
        {
          route: 'getGraph',
          path: routePath('getGraph', { name: knowledgeBase }),
          abortSignal,
          timeoutMs: timeoutMs ?? options.longTimeoutMs,
        },
        graphObjectSchema,
      ),
    build: ({ knowledgeBase, abortSignal, timeoutMs, idempotencyKey }) =>
      transport.json(
        {
          route: 'buildGraph',
          path: routePath('buildGraph', { name: knowledgeBase }),
          abortSignal,
          timeoutMs,
          idempotencyKey,
        },
        jobObjectSchema,
      ),
    ask: ({ knowledgeBase, abortSignal, timeoutMs, ...body }) =>
      transport.json(
        {
          route: 'askGraph',
          path: routePath('askGraph', { name: knowledgeBase }),
          json: body,
          abortSignal,
          timeoutMs: timeoutMs ?? options.longTimeoutMs,
        },
        graphAnswerSchema,
      ),
    delete: ({ knowledgeBase, abortSignal, timeoutMs }) =>
      transport.empty({
        route: 'deleteGraph',
        path: routePath('deleteGraph', { name: knowledgeBase }),
        abortSignal,
        timeoutMs,
      }),
  };
}
