import { approvalDecisionSchema, jsonObjectSchema, messageSchema } from '@espalier/core';
import * as z from '@espalier/core/zod';

/** Settings of the model call for one run. */
export const runSettingsSchema = z.strictObject({
  /** Units: tokens. */
  maxOutputTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  stopSequences: z.array(z.string().min(1)).max(16).optional(),
  responseFormat: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text') }),
      z.strictObject({
        type: z.literal('json'),
        schema: jsonObjectSchema.optional(),
        name: z.string().optional(),
        description: z.string().optional(),
        strict: z.boolean().optional(),
      }),
    ])
    .optional(),
  reasoningEffort: z.enum(['none', 'minimal', 'low', 'medium', 'high']).optional(),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;

/** How the answer of a run is delivered. */
const deliveryShape = {
  /** Server-sent events instead of one JSON object at the end. */
  stream: z.boolean().optional(),
  /** Answers at once (202) while the run goes on; follow it at its stream. */
  background: z.boolean().optional(),
};

/** Body of `POST /api/v1/agents/{name}/runs`. */
export const createRunRequestSchema = z
  .strictObject({
    /** The conversation; give this or `input`. */
    messages: z.array(messageSchema).min(1).optional(),
    /** One question; the same as one user message. */
    input: z.string().min(1).optional(),
    /** A model id of `GET /api/v1/models`; default: the agent's own. */
    model: z.string().min(1).optional(),
    /** The knowledge base to read; default: the agent's own. */
    knowledgeBase: z.string().min(1).optional(),
    settings: runSettingsSchema.optional(),
    /** Kept with the run and given back. */
    metadata: jsonObjectSchema.optional(),
    ...deliveryShape,
  })
  .refine((body) => (body.messages === undefined) !== (body.input === undefined), {
    message: 'Give exactly one of "input" (a string) and "messages" (a list).',
  })
  .meta({ id: 'CreateRunRequest' });
export type CreateRunRequest = z.infer<typeof createRunRequestSchema>;

/** Body of `POST /api/v1/runs/{id}/approve`: one decision for each waiting call. */
export const approveRunRequestSchema = z
  .strictObject({ decisions: z.array(approvalDecisionSchema).min(1), ...deliveryShape })
  .meta({ id: 'ApproveRunRequest' });
export type ApproveRunRequest = z.infer<typeof approveRunRequestSchema>;
