import type { EspalierClient } from '@espalier/sdk-ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { isFinalJob } from '../training/job-status.js';

const PAGE_SIZE = 30;
/** The most versions that the registry's pages show. */
const MAX_VERSIONS = 1000;
/** How often jobs that go on are asked for. Units: ms. */
const POLL_MS = 2000;

/** Keys under which answers about training and models are cached. */
export const trainingKeys = {
  jobs: ['training', 'jobs'],
  job: (id: string) => ['training', 'jobs', id] as const,
  versions: ['registry', 'versions'],
  difference: (from: string, to: string) => ['registry', 'diff', from, to] as const,
} as const;

/** Jobs, newest first; asked for again while one of them goes on. */
export function trainingJobsQuery(client: EspalierClient) {
  return infiniteQueryOptions({
    queryKey: trainingKeys.jobs,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      client.training
        .list({
          limit: PAGE_SIZE,
          abortSignal: signal,
          ...(pageParam !== undefined && { cursor: pageParam }),
        })
        .page(),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) => {
      const jobs = state.data?.pages.flatMap(({ data }) => data) ?? [];
      return jobs.some(({ status }) => !isFinalJob(status) && status !== 'paused')
        ? POLL_MS
        : false;
    },
  });
}

export function trainingJobQuery(client: EspalierClient, id: string) {
  return queryOptions({
    queryKey: trainingKeys.job(id),
    queryFn: ({ signal }) => client.training.get({ id, abortSignal: signal }),
    refetchInterval: ({ state }) => {
      const status = state.data?.status;
      return status === undefined || isFinalJob(status) ? false : POLL_MS;
    },
  });
}

/** Every version of every registered model. */
export function modelVersionsQuery(client: EspalierClient) {
  return queryOptions({
    queryKey: trainingKeys.versions,
    queryFn: ({ signal }) =>
      client.registry.list({ abortSignal: signal }).toArray({ max: MAX_VERSIONS }),
  });
}

export function modelDifferenceQuery(client: EspalierClient, from: string, to: string) {
  return queryOptions({
    queryKey: trainingKeys.difference(from, to),
    queryFn: ({ signal }) => client.registry.compare({ from, to, abortSignal: signal }),
  });
}
