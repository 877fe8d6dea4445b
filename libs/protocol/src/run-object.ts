import {
  approvalRequestSchema,
  citationSchema,
  errorInfoSchema,
  jsonObjectSchema,
  messageSchema,
  usageSchema,
} from '@espalier/core';
import * as z from '@espalier/core/zod';
import { timestampSchema } from './timestamp.js';

/** How far a run is. `paused` waits for approval; the last three are final. */
export const runStatusSchema = z.enum(['running', 'paused', 'succeeded', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** One run of an agent. */
export const runObjectSchema = z
  .object({
    id: z.string(),
    agent: z.string(),
    status: runStatusSchema,
    createdAt: timestampSchema,
    finishedAt: timestampSchema.nullable(),
    modelId: z.string(),
    knowledgeBase: z.string().nullable(),
    /** The answer's text; `null` until there is one. */
    output: z.string().nullable(),
    citations: z.array(citationSchema),
    finishReason: z.string().nullable(),
    usage: usageSchema,
    costUsd: z.number().nullable(),
    error: errorInfoSchema.nullable(),
    /** Tool calls that wait for a decision; empty unless `paused`. */
    approvals: z.array(approvalRequestSchema),
    /** Everything that the run added to the conversation. */
    newMessages: z.array(messageSchema),
    metadata: jsonObjectSchema,
    /** The id of the last event in the run's stream; 0 before the first. */
    lastEventId: z.int().min(0),
  })
  .meta({ id: 'Run' });
export type RunObject = z.infer<typeof runObjectSchema>;

/** Query of `GET /api/v1/runs`. */
export const listRunsFilterSchema = z.object({
  agent: z.string().optional(),
  status: runStatusSchema.optional(),
});
export type ListRunsFilter = z.infer<typeof listRunsFilterSchema>;
