import type { JsonObject } from '@espalier/core';
import type { Wire } from '../wire.js';
import { isObject, textsAt, type GuardedText } from '../request/guard-input.js';
import { createMessagesEncoder } from './messages-encoder.js';
import { createMessagesFilter } from './messages-filter.js';
import { messagesResponse } from './messages-response.js';
import { messagesRequestSchema, type MessagesRequest } from './messages-schema.js';
import { messagesToCall } from './messages-to-call.js';

/** `POST /v1/messages`. */
export const messagesWire: Wire<MessagesRequest> = {
  name: 'messages',
  schema: messagesRequestSchema,
  idPrefix: 'msg',
  modelOf: (body) => body.model,
  isStream: (body) => body.stream === true,
  toCall: messagesToCall,
  toResponse: (label, _, answer) => messagesResponse(label, answer),
  openEncoder: createMessagesEncoder,
  inputTexts: messagesInputTexts,
  forward: {
    targetWire: 'anthropic-messages',
    passedHeaders: ['anthropic-version', 'anthropic-beta'],
    prepare: () => undefined,
    openFilter: createMessagesFilter,
  },
};

/** The texts of a messages request that input rails look at. */
export function messagesInputTexts(body: JsonObject): GuardedText[] {
  const messages = Array.isArray(body['messages']) ? body['messages'].filter(isObject) : [];
  return messages
    .filter((message) => message['role'] === 'user')
    .flatMap((message): GuardedText[] => {
      const { content } = message;
      if (!Array.isArray(content)) return textsAt(message, 'content', 'input');
      return content
        .filter(isObject)
        .flatMap((block) =>
          block['type'] === 'tool_result'
            ? textsAt(block, 'content', 'tool-result')
            : [...textsAt(block, 'text', 'input'), ...documentTexts(block)],
        );
    });
}

function documentTexts(block: JsonObject): GuardedText[] {
  const { source } = block;
  return isObject(source) && source['type'] === 'text' ? textsAt(source, 'data', 'input') : [];
}
