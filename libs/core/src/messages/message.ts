import * as z from 'zod';
import { assistantPartSchema, toolResultPartSchema, userPartSchema } from './part.js';

export const systemMessageSchema = z.object({ role: z.literal('system'), content: z.string() });
export type SystemMessage = z.infer<typeof systemMessageSchema>;

export const userMessageSchema = z.object({
  role: z.literal('user'),
  content: z.array(userPartSchema),
});
export type UserMessage = z.infer<typeof userMessageSchema>;

export const assistantMessageSchema = z.object({
  role: z.literal('assistant'),
  content: z.array(assistantPartSchema),
});
export type AssistantMessage = z.infer<typeof assistantMessageSchema>;

export const toolMessageSchema = z.object({
  role: z.literal('tool'),
  content: z.array(toolResultPartSchema),
});
export type ToolMessage = z.infer<typeof toolMessageSchema>;

/** One turn of a conversation. Plain JSON: it can be stored and sent as it is. */
export const messageSchema = z.discriminatedUnion('role', [
  systemMessageSchema,
  userMessageSchema,
  assistantMessageSchema,
  toolMessageSchema,
]);
export type Message = z.infer<typeof messageSchema>;
