import { isAbortError, type JobQueue } from '@espalier/core';
import type { Metrics } from './metrics.js';

/** Returns the same queue, with every attempt of a job counted when it ends. */
export function countJobs(jobs: JobQueue, metrics: Metrics): JobQueue {
  return {
    specificationVersion: jobs.specificationVersion,
    enqueue: (options) => jobs.enqueue(options),
    get: (id) => jobs.get(id),
    list: (options) => jobs.list(options),
    cancel: (id) => jobs.cancel(id),
    close: (options) => jobs.close(options),
    work: (options) =>
      jobs.work({
        ...options,
        async handler(job, context) {
          let outcome = 'failed';
          try {
            const result = await options.handler(job, context);
            outcome = 'succeeded';
            return result;
          } catch (error) {
            if (isAbortError(error) || context.abortSignal.aborted) outcome = 'stopped';
            throw error;
          } finally {
            metrics.increment('espalier_job_attempts_total', { kind: job.kind, outcome });
          }
        },
      }),
  };
}
