import type { z } from 'zod';
import { countTokensRequestSchema } from './anthropic-messages/messages-schema.js';
import { messagesWire } from './anthropic-messages/messages-wire.js';
import { chatWire } from './openai-chat/chat-wire.js';
import { embeddingsRequestSchema } from './openai-embeddings/embeddings-schema.js';
import { responsesWire } from './openai-responses/responses-wire.js';
import type { WireName } from './wires-context.js';

/** One `POST` route of the wires. */
export interface WireRoute {
  readonly name: WireName;
  readonly path: string;
  /** Whose error shape it has. */
  readonly family: 'openai' | 'anthropic';
  readonly summary: string;
  readonly schema: z.ZodType;
}

/** Every `POST` route of the wires. */
export const WIRE_ROUTES: readonly WireRoute[] = [
  {
    name: 'chat-completions',
    path: '/v1/chat/completions',
    family: 'openai',
    summary: 'Create a chat completion (OpenAI)',
    schema: chatWire.schema,
  },
  {
    name: 'responses',
    path: '/v1/responses',
    family: 'openai',
    summary: 'Create a response (OpenAI)',
    schema: responsesWire.schema,
  },
  {
    name: 'embeddings',
    path: '/v1/embeddings',
    family: 'openai',
    summary: 'Create embeddings (OpenAI)',
    schema: embeddingsRequestSchema,
  },
  {
    name: 'messages',
    path: '/v1/messages',
    family: 'anthropic',
    summary: 'Create a message (Anthropic)',
    schema: messagesWire.schema,
  },
  {
    name: 'count-tokens',
    path: '/v1/messages/count_tokens',
    family: 'anthropic',
    summary: 'Count the input tokens of a message (Anthropic)',
    schema: countTokensRequestSchema,
  },
];
