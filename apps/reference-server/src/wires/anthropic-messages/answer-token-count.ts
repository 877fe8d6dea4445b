import type { JsonObject } from '@espalier/core';
import { guardInput } from '../request/guard-input.js';
import { parseWireBody } from '../request/parse-wire-body.js';
import { resolveTarget } from '../request/resolve-target.js';
import { clientSignal, type AdmittedRequest } from '../request/wire-request.js';
import { jsonHeaders } from '../response-headers.js';
import type { ModelDirectory } from '../wires-context.js';
import { countInputTokens } from './count-tokens.js';
import { countTokensRequestSchema } from './messages-schema.js';
import { countedToCall } from './messages-to-call.js';
import { messagesInputTexts } from './messages-wire.js';

/** Answers how many input tokens a message would have. */
export async function answerTokenCount(
  models: ModelDirectory,
  request: AdmittedRequest,
  json: JsonObject,
): Promise<void> {
  const { exchange, requestId, guard } = request;
  let body = parseWireBody(countTokensRequestSchema, json);
  request.modelId = body.model;
  const target = resolveTarget(models, body.model, request.caller);
  if (target.kind === 'model' && guard.input !== undefined) {
    const isChanged = await guardInput(guard.input, messagesInputTexts(json));
    if (isChanged) body = parseWireBody(countTokensRequestSchema, json);
  }
  const call = { ...countedToCall(body), abortSignal: clientSignal(exchange) };
  const tokens = await countInputTokens(target, call);
  exchange.send(200, jsonHeaders(requestId), JSON.stringify({ input_tokens: tokens }));
}
