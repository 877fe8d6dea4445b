import * as z from 'zod';
import { jsonObjectSchema, jsonValueSchema } from '../json/json-value.js';
import { railPointSchema, railReportSchema } from '../guard/verdict.js';
import { citationSchema } from '../messages/citation.js';
import { assistantMessageSchema, messageSchema } from '../messages/message.js';
import { passageSchema } from '../messages/passage.js';
import { finishReasonSchema } from '../model/finish-reason.js';
import { usageSchema } from '../model/usage.js';
import { warningSchema } from '../model/warning.js';
import { runStateSchema } from './run-state.js';

/** An error as plain JSON, as events and wires carry it. */
export const errorInfoSchema = z.object({
  code: z.string(),
  message: z.string(),
  isRetryable: z.boolean(),
});
export type ErrorInfo = z.infer<typeof errorInfoSchema>;

/** A tool call that waits for a person. */
export const approvalRequestSchema = z.object({
  toolCallId: z.string(),
  toolName: z.string(),
  input: jsonValueSchema,
});
export type ApprovalRequest = z.infer<typeof approvalRequestSchema>;

/**
 * One event of an agent's run, in the order in which it happened.
 *
 * A run begins with `run-started` and ends with exactly one of `run-finished`, `run-paused`, `run-failed`,
 * `run-cancelled`. A step is one model call with what follows from it. Text deltas are what rails have cleared.
 */
export const runEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-started'),
    runId: z.string(),
    agent: z.string(),
    isResumed: z.boolean(),
  }),
  z.object({ type: z.literal('step-started'), step: z.int().min(1) }),
  z.object({
    type: z.literal('retrieval'),
    retriever: z.string(),
    query: z.string(),
    passages: z.array(passageSchema),
    hasEvidence: z.boolean(),
    durationMs: z.number(),
  }),
  /** Exactly what goes to the model in this step; nothing else is sent. */
  z.object({
    type: z.literal('model-request'),
    provider: z.string(),
    modelId: z.string(),
    messages: z.array(messageSchema),
    tools: z.array(z.string()),
  }),
  z.object({ type: z.literal('rail'), report: railReportSchema }),
  z.object({
    type: z.literal('rails-checked'),
    point: railPointSchema,
    rails: z.array(z.string()),
    durationMs: z.number(),
  }),
  z.object({ type: z.literal('text-delta'), text: z.string() }),
  z.object({ type: z.literal('reasoning-delta'), text: z.string() }),
  z.object({ type: z.literal('tool-input-start'), toolCallId: z.string(), toolName: z.string() }),
  z.object({
    type: z.literal('tool-call'),
    toolCallId: z.string(),
    toolName: z.string(),
    input: jsonValueSchema,
  }),
  z.object({
    type: z.literal('tool-result'),
    toolCallId: z.string(),
    toolName: z.string(),
    output: jsonValueSchema,
    isError: z.boolean(),
    durationMs: z.number(),
  }),
  z.object({ type: z.literal('citation'), citation: citationSchema }),
  z.object({ type: z.literal('warning'), warning: warningSchema }),
  z.object({
    type: z.literal('step-finished'),
    step: z.int().min(1),
    finishReason: finishReasonSchema,
    usage: usageSchema,
    durationMs: z.number(),
    /** Present where the agent knows its model's prices. */
    costUsd: z.number().optional(),
  }),
  z.object({
    type: z.literal('run-paused'),
    requests: z.array(approvalRequestSchema).min(1),
    state: runStateSchema,
  }),
  z.object({
    type: z.literal('run-finished'),
    message: assistantMessageSchema,
    citations: z.array(citationSchema),
    finishReason: z.enum([
      'stop',
      'length',
      'content-filter',
      'step-limit',
      'cost-limit',
      'blocked',
      'other',
    ]),
    usage: usageSchema,
    costUsd: z.number().optional(),
    /** Everything that the run added to the conversation, in order. */
    newMessages: z.array(messageSchema),
    metadata: jsonObjectSchema.optional(),
  }),
  z.object({ type: z.literal('run-failed'), error: errorInfoSchema }),
  z.object({ type: z.literal('run-cancelled') }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;
