import type { Wire } from '../wire.js';
import { isObject, textsAt, type GuardedText } from '../request/guard-input.js';
import { createResponsesEncoder } from './responses-encoder.js';
import { responsesResponse } from './responses-response.js';
import { responsesRequestSchema, type ResponsesRequest } from './responses-schema.js';
import { responsesToCall } from './responses-to-call.js';

/** `POST /v1/responses`. */
export const responsesWire: Wire<ResponsesRequest> = {
  name: 'responses',
  schema: responsesRequestSchema,
  idPrefix: 'resp',
  modelOf: (body) => body.model,
  isStream: (body) => body.stream === true,
  toCall: responsesToCall,
  toResponse: responsesResponse,
  openEncoder: createResponsesEncoder,
  inputTexts(body) {
    const { input } = body;
    if (typeof input === 'string') return textsAt(body, 'input', 'input');
    const items = Array.isArray(input) ? input.filter(isObject) : [];
    return items.flatMap((item): GuardedText[] => {
      if (item['type'] === 'function_call_output') return textsAt(item, 'output', 'tool-result');
      return item['role'] === 'user' ? textsAt(item, 'content', 'input') : [];
    });
  },
};
