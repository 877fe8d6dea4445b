import {
  ROUTES,
  jobObjectSchema,
  pageSchema,
  routePath,
  type JobObject,
  type ListJobsFilter,
} from '@espalier/protocol';
import type { CallOptions, ResolvedOptions, WriteOptions } from '../client-options.js';
import { JobNotSucceededError } from '../errors.js';
import type { Transport } from '../internal/transport.js';
import { createPaginator, type ListOptions, type Paginator } from '../paginator.js';

/** How a job is waited for. */
export interface WaitForJobOptions extends CallOptions {
  readonly id: string;
  /** Called with the job whenever it was asked for. */
  readonly onProgress?: (job: JobObject) => void;
  /** The wait between the first two questions; it grows to ten times that. Units: ms. Default 300. */
  readonly pollMs?: number;
}

/** Work that the server does in the background. */
export interface Jobs {
  list(options?: ListJobsFilter & ListOptions): Paginator<JobObject>;
  get(options: { id: string } & CallOptions): Promise<JobObject>;
  cancel(options: { id: string } & WriteOptions): Promise<JobObject>;
  /**
   * Returns the job once it has succeeded, however long that takes; `abortSignal` bounds it.
   *
   * @throws {JobNotSucceededError} `ERR_SDK_JOB_NOT_SUCCEEDED` — it failed or was cancelled.
   */
  wait(options: WaitForJobOptions): Promise<JobObject>;
}

const POLL_GROWTH = 1.5;
const MAX_POLL_FACTOR = 10;

export function createJobs(transport: Transport, options: ResolvedOptions): Jobs {
  const get: Jobs['get'] = ({ id, abortSignal, timeoutMs }) =>
    transport.json(
      { route: 'getJob', path: routePath('getJob', { id }), abortSignal, timeoutMs },
      jobObjectSchema,
    );

  return {
    list: (list) =>
      createPaginator({
        transport,
        request: {
          route: 'listJobs',
          path: ROUTES.listJobs.path,
          query: { kind: list?.kind, status: list?.status },
        },
        schema: pageSchema(jobObjectSchema),
        list,
      }),
    get,
    cancel: ({ id, abortSignal, timeoutMs, idempotencyKey }) =>
      transport.json(
        {
          route: 'cancelJob',
          path: routePath('cancelJob', { id }),
          abortSignal,
          timeoutMs,
          idempotencyKey,
        },
        jobObjectSchema,
      ),
    async wait({ onProgress, pollMs = 300, ...call }) {
      let delayMs = pollMs;
      for (;;) {
        const job = await get(call);
        onProgress?.(job);
        if (job.status === 'succeeded') return job;
        if (job.status === 'failed' || job.status === 'cancelled') {
          throw new JobNotSucceededError({ job });
        }
        await options.clock.sleep(
          delayMs,
          call.abortSignal === undefined ? {} : { abortSignal: call.abortSignal },
        );
        delayMs = Math.min(delayMs * POLL_GROWTH, pollMs * MAX_POLL_FACTOR);
      }
    },
  };
}
