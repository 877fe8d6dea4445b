import { jsonValueSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';

/** The media type of every error body of the native wire. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One place of a request that does not fit. */
export const problemIssueSchema = z.object({
  /** JSON Pointer into the body, or the name of a parameter. */
  pointer: z.string(),
  message: z.string(),
});
export type ProblemIssue = z.infer<typeof problemIssueSchema>;

/**
 * An error of the native wire.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457 (problem details); `code`, `requestId`, `isRetryable`, `errors` and
 * `details` are this wire's own members.
 */
export const problemSchema = z
  .object({
    /** URI reference of the kind of problem; `/problems/{code}`. */
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    /** Stable literal to branch on, `ERR_SERVER_RUN_UNKNOWN`. */
    code: z.string(),
    /** Also in the `x-request-id` header and in the server's logs. */
    requestId: z.string(),
    /** Whether the same request may succeed later without any change. */
    isRetryable: z.boolean().optional(),
    errors: z.array(problemIssueSchema).optional(),
    details: z.record(z.string(), jsonValueSchema).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
