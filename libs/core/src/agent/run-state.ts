import * as z from 'zod';
import { jsonValueSchema } from '../json/json-value.js';
import { citationSchema } from '../messages/citation.js';
import { messageSchema } from '../messages/message.js';
import { passagePartSchema, toolCallPartSchema, toolResultPartSchema } from '../messages/part.js';
import { usageSchema } from '../model/usage.js';

/** Everything needed to go on with a paused run, as plain JSON; it may be stored and read by a later version. */
export const runStateSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  agent: z.string(),
  /** The conversation so far, including the assistant's turn whose tool calls wait. */
  messages: z.array(messageSchema),
  /** How many of `messages` were the run's input. */
  inputMessageCount: z.int().min(0),
  step: z.int().min(1),
  usage: usageSchema,
  costUsd: z.number().optional(),
  /** Calls that wait for a decision. */
  pendingCalls: z.array(toolCallPartSchema),
  /** Results of calls of the same turn that needed no approval. */
  finishedResults: z.array(toolResultPartSchema),
  citations: z.array(citationSchema),
  /** Evidence shown to the model so far, so that numbers keep their meaning after a resume. */
  passages: z.array(passagePartSchema),
  /** What guardrails took out of the conversation and put back into answers; whoever stores it enciphers it. */
  guardMemory: jsonValueSchema.optional(),
});
export type RunState = z.infer<typeof runStateSchema>;

/** A person's decision on one waiting tool call. */
export const approvalDecisionSchema = z.object({
  toolCallId: z.string(),
  isApproved: z.boolean(),
  /** Given to the model when it is refused. */
  reason: z.string().optional(),
});
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>;
