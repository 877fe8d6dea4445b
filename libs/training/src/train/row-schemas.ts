import * as z from '@espalier/core/zod';
import { jsonObjectSchema, jsonValueSchema, type JsonObject } from '@espalier/core';

const ids = z.array(z.int().min(0)).min(1);
const messages = z
  .array(jsonObjectSchema)
  .min(1)
  .refine((list: JsonObject[]) => list.every(({ role }) => typeof role === 'string'));
/** What a row of messages may give to the chat template beside them. */
const chatFields = {
  tools: z.array(jsonValueSchema).optional(),
  chat_template_kwargs: jsonObjectSchema.optional(),
};

/** Rows of supervised fine-tuning. */
export const supervisedRowSchema = z.union([
  z.strictObject({ ids, loss_mask: z.array(z.int().min(0).max(1)).optional() }),
  z.strictObject({ prompt_ids: ids, completion_ids: ids }),
  z.strictObject({ prompt: z.string(), completion: z.string() }),
  z.strictObject({ prompt: messages, completion: messages, ...chatFields }),
  z.strictObject({ messages, ...chatFields }),
  z.strictObject({ text: z.string().min(1) }),
]);

/** Rows of two answers, of which one is preferred. */
export const pairRowSchema = z.union([
  z.strictObject({ prompt_ids: ids, chosen_ids: ids, rejected_ids: ids }),
  z.strictObject({ prompt: z.string(), chosen: z.string(), rejected: z.string() }),
  z.strictObject({ prompt: messages, chosen: messages, rejected: messages, ...chatFields }),
]);

/** Rows of one answer that is wanted or not. */
export const ratedRowSchema = z.union([
  z.strictObject({ prompt_ids: ids, completion_ids: ids, label: z.boolean() }),
  z.strictObject({ prompt: z.string(), completion: z.string(), label: z.boolean() }),
  z.strictObject({ prompt: messages, completion: messages, label: z.boolean(), ...chatFields }),
]);
