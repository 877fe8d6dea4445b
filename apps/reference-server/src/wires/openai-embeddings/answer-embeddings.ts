import type { JsonObject } from '@espalier/core';
import { guardInput, textsAt } from '../request/guard-input.js';
import { parseWireBody } from '../request/parse-wire-body.js';
import { clientSignal, type WireRequest } from '../request/wire-request.js';
import { jsonHeaders } from '../response-headers.js';
import { unknownModel } from '../wire-error.js';
import type { ModelDirectory } from '../wires-context.js';
import { embeddingTexts, embedTexts } from './embed-texts.js';
import { embeddingsRequestSchema } from './embeddings-schema.js';

/** Answers an embeddings request with the vectors of its texts, as the input rails left them. */
export async function answerEmbeddings(
  models: ModelDirectory,
  request: WireRequest,
  json: JsonObject,
): Promise<void> {
  const { exchange, requestId, guard } = request;
  const body = parseWireBody(embeddingsRequestSchema, json);
  request.modelId = body.model;
  const model = models.embedding(body.model);
  if (model === undefined) throw unknownModel(body.model);
  const holder: JsonObject = { texts: [...embeddingTexts(body)].map((text) => ({ text })) };
  if (guard.input !== undefined) await guardInput(guard.input, textsAt(holder, 'texts', 'input'));
  const texts = (holder['texts'] as { text: string }[]).map(({ text }) => text);
  const result = await embedTexts({
    model,
    modelId: body.model,
    body,
    texts,
    abortSignal: clientSignal(exchange),
  });
  request.usage = result.usage;
  exchange.send(200, jsonHeaders(requestId), JSON.stringify(result.answer));
}
