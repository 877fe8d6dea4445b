import { errorInfoSchema, jsonValueSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { timestampSchema } from './timestamp.js';

/** How far a job is; the last three are final. */
export const jobStatusSchema = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export type JobStatus = z.infer<typeof jobStatusSchema>;

/** Work that goes on in the background and survives a restart of the server. */
export const jobObjectSchema = z
  .object({
    id: z.string(),
    /** What it does, `ingest`. */
    kind: z.string(),
    status: jobStatusSchema,
    /** How often it was begun. */
    attempts: z.int().min(0),
    /** How far it is, in the words of its kind. */
    progress: jsonValueSchema,
    /** What it gave, in the words of its kind; `null` until it succeeded. */
    result: jsonValueSchema,
    error: errorInfoSchema.nullable(),
    createdAt: timestampSchema,
    startedAt: timestampSchema.nullable(),
    finishedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'Job' });
export type JobObject = z.infer<typeof jobObjectSchema>;

/** Query of `GET /api/v1/jobs`. */
export const listJobsFilterSchema = z.object({
  kind: z.string().optional(),
  status: jobStatusSchema.optional(),
});
export type ListJobsFilter = z.infer<typeof listJobsFilterSchema>;

/** Progress of a job of kind `ingest`. */
export const ingestJobProgressSchema = z.object({
  documentsDone: z.int().min(0),
  documentsTotal: z.int().min(0),
  chunks: z.int().min(0),
  /** The document in work. */
  source: z.string().optional(),
});
export type IngestJobProgress = z.infer<typeof ingestJobProgressSchema>;
