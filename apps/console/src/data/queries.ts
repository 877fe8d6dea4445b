import { infiniteQueryOptions, queryOptions, type QueryKey } from '@tanstack/react-query';
import type { EspalierClient } from '@espalier/sdk-ts';

/** The most entries that a choice offers. */
const MAX_CHOICES = 500;
const PAGE_SIZE = 50;

/** Keys under which answers are cached; a write makes those stale that it touches. */
export const queryKeys = {
  agents: ['agents'],
  models: ['models'],
  knowledgeBases: ['knowledge-bases'],
  knowledgeBase: (name: string): QueryKey => ['knowledge-bases', name],
  documents: (knowledgeBase: string): QueryKey => ['knowledge-bases', knowledgeBase, 'documents'],
  document: (knowledgeBase: string, id: string): QueryKey => [
    'knowledge-bases',
    knowledgeBase,
    'documents',
    id,
  ],
} as const;

export function agentsQuery(client: EspalierClient) {
  return queryOptions({
    queryKey: queryKeys.agents,
    queryFn: ({ signal }) =>
      client.agents.list({ abortSignal: signal }).toArray({ max: MAX_CHOICES }),
  });
}

export function modelsQuery(client: EspalierClient) {
  return queryOptions({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) =>
      client.models.list({ abortSignal: signal }).toArray({ max: MAX_CHOICES }),
  });
}

export function knowledgeBasesQuery(client: EspalierClient) {
  return queryOptions({
    queryKey: queryKeys.knowledgeBases,
    queryFn: ({ signal }) =>
      client.knowledgeBases.list({ abortSignal: signal }).toArray({ max: MAX_CHOICES }),
  });
}

export function knowledgeBaseQuery(client: EspalierClient, name: string) {
  return queryOptions({
    queryKey: queryKeys.knowledgeBase(name),
    queryFn: ({ signal }) => client.knowledgeBases.get({ name, abortSignal: signal }),
  });
}

export function explainedSearchQuery(
  client: EspalierClient,
  input: { readonly knowledgeBase: string; readonly query: string; readonly topK: number },
) {
  const { knowledgeBase, query, topK } = input;
  return queryOptions({
    // Under the knowledge base, so that what is searched anew after its documents changed is this, too.
    queryKey: [...queryKeys.knowledgeBase(knowledgeBase), 'search', query, topK],
    queryFn: ({ signal }) =>
      client.search({ knowledgeBase, query, topK, explain: true, abortSignal: signal }),
  });
}

export function documentsQuery(client: EspalierClient, knowledgeBase: string) {
  return infiniteQueryOptions({
    queryKey: queryKeys.documents(knowledgeBase),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      client.documents
        .list({
          knowledgeBase,
          limit: PAGE_SIZE,
          abortSignal: signal,
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        })
        .page(),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function documentQuery(client: EspalierClient, knowledgeBase: string, id: string) {
  return queryOptions({
    queryKey: queryKeys.document(knowledgeBase, id),
    queryFn: ({ signal }) => client.documents.get({ knowledgeBase, id, abortSignal: signal }),
    staleTime: 60_000,
  });
}
