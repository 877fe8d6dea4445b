import * as z from '@espalier/core/zod';

/**
 * What is read of a Messages answer and of its stream events.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming
 */

const count = z.int().min(0).nullish().catch(undefined);

export const messageUsageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens_details: z.object({ thinking_tokens: count }).nullish().catch(undefined),
});
export type MessageUsage = z.infer<typeof messageUsageSchema>;

/** A citation of a plain text document; the other kinds are left out. */
const citationSchema = z.object({
  type: z.string(),
  cited_text: z.string().nullish(),
  document_index: z.int().min(0).nullish(),
  start_char_index: z.int().min(0).nullish(),
  end_char_index: z.int().min(0).nullish(),
});
export type WireCitation = z.infer<typeof citationSchema>;

const blockSchema = z.object({
  type: z.string(),
  text: z.string().nullish(),
  thinking: z.string().nullish(),
  signature: z.string().nullish(),
  data: z.string().nullish(),
  id: z.string().nullish(),
  name: z.string().nullish(),
  input: z.json().optional(),
  citations: z.array(citationSchema).nullish().catch(undefined),
});
export type WireBlock = z.infer<typeof blockSchema>;

export const messageSchema = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  content: z.array(blockSchema),
  stop_reason: z.string().nullish(),
  usage: messageUsageSchema.nullish(),
});

const index = z.int().min(0);

export const streamEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message_start'),
    message: z.object({
      id: z.string().nullish(),
      model: z.string().nullish(),
      usage: messageUsageSchema.nullish(),
    }),
  }),
  z.object({ type: z.literal('content_block_start'), index, content_block: blockSchema }),
  z.object({
    type: z.literal('content_block_delta'),
    index,
    delta: z.object({
      type: z.string(),
      text: z.string().nullish(),
      thinking: z.string().nullish(),
      signature: z.string().nullish(),
      partial_json: z.string().nullish(),
      citation: citationSchema.nullish().catch(undefined),
    }),
  }),
  z.object({ type: z.literal('content_block_stop'), index }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: messageUsageSchema.nullish(),
  }),
  z.object({ type: z.literal('message_stop') }),
]);
export type StreamEvent = z.infer<typeof streamEventSchema>;
