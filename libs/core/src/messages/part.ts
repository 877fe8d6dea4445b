import * as z from 'zod';
import { jsonObjectSchema, jsonValueSchema } from '../json/json-value.js';
import { citationSchema } from './citation.js';
import { passageSchema } from './passage.js';

/** Facts that only one provider understands, by provider name; passed through unchanged. */
export const providerMetadataSchema = z.record(z.string(), jsonObjectSchema);
export type ProviderMetadata = z.infer<typeof providerMetadataSchema>;

const partBase = { providerMetadata: providerMetadataSchema.optional() };

/** Where the bytes of an image or a file are. */
export const dataSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('url'), url: z.string() }),
  z.object({ kind: z.literal('base64'), data: z.string() }),
]);
export type DataSource = z.infer<typeof dataSourceSchema>;

export const textPartSchema = z.object({ type: z.literal('text'), text: z.string(), ...partBase });
export type TextPart = z.infer<typeof textPartSchema>;

export const imagePartSchema = z.object({
  type: z.literal('image'),
  /** IANA media type, `image/png`; `image/*` when only a URL is known. */
  mediaType: z.string(),
  source: dataSourceSchema,
  detail: z.enum(['auto', 'low', 'high']).optional(),
  ...partBase,
});
export type ImagePart = z.infer<typeof imagePartSchema>;

export const filePartSchema = z.object({
  type: z.literal('file'),
  mediaType: z.string(),
  filename: z.string().optional(),
  source: dataSourceSchema,
  ...partBase,
});
export type FilePart = z.infer<typeof filePartSchema>;

/**
 * Retrieved evidence inside a message.
 *
 * Adapters with a native form (document blocks) use it; the others write it as text with `renderPassages`.
 */
export const passagePartSchema = z.object({
  type: z.literal('passage'),
  /** The number by which the answer cites it, `[1]`. */
  index: z.int().min(1),
  passage: passageSchema,
});
export type PassagePart = z.infer<typeof passagePartSchema>;

export const reasoningPartSchema = z.object({
  type: z.literal('reasoning'),
  text: z.string(),
  ...partBase,
});
export type ReasoningPart = z.infer<typeof reasoningPartSchema>;

export const toolCallPartSchema = z.object({
  type: z.literal('tool-call'),
  toolCallId: z.string(),
  toolName: z.string(),
  /** The parsed arguments; the raw text when `inputError` is set. */
  input: jsonValueSchema,
  /** Why the arguments are not JSON; absent when they are. */
  inputError: z.string().optional(),
  ...partBase,
});
export type ToolCallPart = z.infer<typeof toolCallPartSchema>;

export const toolResultPartSchema = z.object({
  type: z.literal('tool-result'),
  toolCallId: z.string(),
  toolName: z.string(),
  output: jsonValueSchema,
  /** Whether `output` tells of a failure; models are shown it as such. */
  isError: z.boolean().optional(),
  ...partBase,
});
export type ToolResultPart = z.infer<typeof toolResultPartSchema>;

export const citationPartSchema = z.object({
  type: z.literal('citation'),
  citation: citationSchema,
});
export type CitationPart = z.infer<typeof citationPartSchema>;

export const userPartSchema = z.discriminatedUnion('type', [
  textPartSchema,
  imagePartSchema,
  filePartSchema,
  passagePartSchema,
]);
export type UserPart = z.infer<typeof userPartSchema>;

export const assistantPartSchema = z.discriminatedUnion('type', [
  textPartSchema,
  reasoningPartSchema,
  filePartSchema,
  toolCallPartSchema,
  citationPartSchema,
]);
export type AssistantPart = z.infer<typeof assistantPartSchema>;
