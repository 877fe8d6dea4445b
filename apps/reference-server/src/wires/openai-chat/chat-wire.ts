import type { Wire } from '../wire.js';
import { isObject, textsAt, type GuardedText } from '../request/guard-input.js';
import { createChatEncoder } from './chat-encoder.js';
import { createChatFilter } from './chat-filter.js';
import { chatResponse } from './chat-response.js';
import { chatRequestSchema, type ChatRequest } from './chat-schema.js';
import { chatToCall } from './chat-to-call.js';

/** `POST /v1/chat/completions`. */
export const chatWire: Wire<ChatRequest> = {
  name: 'chat-completions',
  schema: chatRequestSchema,
  idPrefix: 'chatcmpl',
  modelOf: (body) => body.model,
  isStream: (body) => body.stream === true,
  toCall: chatToCall,
  countOf: (body) => body.n ?? 1,
  toResponse: (label, _, answer, others) => chatResponse(label, [answer, ...others]),
  openEncoder: (label, body) =>
    createChatEncoder(label, { includeUsage: body.stream_options?.include_usage === true }),
  inputTexts(body) {
    const messages = Array.isArray(body['messages']) ? body['messages'].filter(isObject) : [];
    return messages.flatMap((message): GuardedText[] => {
      if (message['role'] === 'user') return textsAt(message, 'content', 'input');
      if (message['role'] === 'tool') return textsAt(message, 'content', 'tool-result');
      return [];
    });
  },
  forward: {
    targetWire: 'openai-chat-completions',
    passedHeaders: [],
    prepare(body) {
      // The server counts usage even where the caller does not ask for it.
      if (body['stream'] === true) {
        const options = body['stream_options'];
        body['stream_options'] = { ...(isObject(options) ? options : {}), include_usage: true };
      }
    },
    openFilter: createChatFilter,
  },
};
