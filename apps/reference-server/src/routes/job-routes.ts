import type { Job, JobQueue } from '@espalier/core';
import {
  jobObjectSchema,
  listJobsFilterSchema,
  pageQuerySchema,
  pageSchema,
  type JobObject,
} from '@espalier/protocol';
import type { AppParts } from '../composition/app-parts.js';
import { jobUnknown } from '../errors/resource-errors.js';
import type { ServerRoute } from '../http/define-route.js';
import type { ServerContext } from '../http/server-variables.js';
import type { Principal } from '../state/key-store.js';
import { queryOf } from './page-request.js';

const listQuerySchema = pageQuerySchema.extend(listJobsFilterSchema.shape);

/** Routes that watch and cancel background jobs. */
export function jobRoutes({ jobs }: AppParts): ServerRoute[] {
  return [
    {
      name: 'listJobs',
      tag: 'Jobs',
      summary: 'Lists jobs, newest first',
      access: 'key',
      query: listQuerySchema,
      answers: { 200: { description: 'A page of jobs.', schema: pageSchema(jobObjectSchema) } },
      async handle(c) {
        const { kind, status, cursor, limit } = queryOf(c, listQuerySchema);
        const page = await jobs.list({
          limit: limit ?? 50,
          ...(kind !== undefined && { kind }),
          ...(status !== undefined && { status }),
          ...(cursor !== undefined && { cursor }),
        });
        const seen = page.jobs.filter((job) => maySee(c.get('principal'), job));
        return c.json({ data: seen.map(toJobObject), nextCursor: page.nextCursor ?? null });
      },
    },
    {
      name: 'getJob',
      tag: 'Jobs',
      summary: 'Tells how far a job is',
      access: 'key',
      answers: { 200: { description: 'The job.', schema: jobObjectSchema } },
      async handle(c) {
        return c.json(toJobObject(await jobOf(c, jobs)));
      },
    },
    {
      name: 'cancelJob',
      tag: 'Jobs',
      summary: 'Cancels a job that is queued or running',
      access: 'key',
      answers: { 200: { description: 'The job as it then is.', schema: jobObjectSchema } },
      async handle(c) {
        const { id } = await jobOf(c, jobs);
        const job = await jobs.cancel(id);
        if (job === undefined) throw jobUnknown(id);
        return c.json(toJobObject(job));
      },
    },
  ];
}

async function jobOf(c: ServerContext, jobs: JobQueue): Promise<Job> {
  const id = c.req.param('id') ?? '';
  const job = await jobs.get(id);
  if (job === undefined || !maySee(c.get('principal'), job)) throw jobUnknown(id);
  return job;
}

/** A job on a tenant's knowledge base is seen by that tenant's keys, and by administrators of the whole server. */
function maySee({ role, scope }: Principal, job: Job): boolean {
  const { tenant = null } = job.payload as { tenant?: string | null };
  return (scope.tenant ?? null) === tenant || (role === 'admin' && scope.tenant === undefined);
}

/** A job as the wire shows it: without its payload. */
export function toJobObject(job: Job): JobObject {
  const time = (ms: number | undefined): string | null =>
    ms === undefined ? null : new Date(ms).toISOString();
  return {
    id: job.id,
    kind: job.kind,
    status: job.status,
    attempts: job.attempts,
    progress: job.progress,
    result: job.result,
    error: job.error ?? null,
    createdAt: new Date(job.createdAtMs).toISOString(),
    startedAt: time(job.startedAtMs),
    finishedAt: time(job.finishedAtMs),
  };
}
