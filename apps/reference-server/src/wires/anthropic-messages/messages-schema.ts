import { z } from 'zod';
import { anyJson } from '../request/any-json.js';

const sourceSchema = z.looseObject({
  type: z.string(),
  media_type: z.string().optional(),
  data: z.string().optional(),
  url: z.string().optional(),
});

const innerBlockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  source: z.union([z.string(), sourceSchema]).optional(),
});

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  source: z.union([z.string(), sourceSchema]).optional(),
  title: z.string().nullish(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: anyJson.optional(),
  tool_use_id: z.string().optional(),
  content: z.union([z.string(), z.array(innerBlockSchema)]).nullish(),
  is_error: z.boolean().nullish(),
  thinking: z.string().optional(),
  signature: z.string().optional(),
});

/** One block of a message's content. */
export type MessageBlock = z.infer<typeof blockSchema>;

const messageSchema = z.looseObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), z.array(blockSchema)]),
});

/** One message of a request. */
export type RequestMessage = z.infer<typeof messageSchema>;

const sharedFields = {
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  system: z
    .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
    .nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.string().nullish(),
        name: z.string(),
        description: z.string().nullish(),
        input_schema: z.record(z.string(), anyJson).optional(),
        strict: z.boolean().nullish(),
      }),
    )
    .nullish(),
  tool_choice: z
    .looseObject({
      type: z.string(),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .nullish(),
  thinking: z.looseObject({ type: z.string() }).nullish(),
  output_config: z
    .looseObject({
      effort: z.string().nullish(),
      format: z
        .looseObject({ type: z.string(), schema: z.record(z.string(), anyJson).optional() })
        .nullish(),
    })
    .nullish(),
};

/** The body of `POST /v1/messages/count_tokens`. */
export const countTokensRequestSchema = z.looseObject(sharedFields);

/** A checked request to count tokens. */
export type CountTokensRequest = z.infer<typeof countTokensRequestSchema>;

/** The body of `POST /v1/messages`; fields that are not named pass through. */
export const messagesRequestSchema = z.looseObject({
  ...sharedFields,
  max_tokens: z.int().min(1),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  stop_sequences: z.array(z.string()).nullish(),
});

/** A checked request. */
export type MessagesRequest = z.infer<typeof messagesRequestSchema>;
