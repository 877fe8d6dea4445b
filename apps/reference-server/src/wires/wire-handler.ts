import { answerCall } from './answer/answer-call.js';
import { answerTokenCount } from './anthropic-messages/answer-token-count.js';
import { messagesWire } from './anthropic-messages/messages-wire.js';
import type { WireExchange } from './exchange/wire-exchange.js';
import { finishRequest } from './finish-request.js';
import type { UpstreamPools } from './forward/upstream-pools.js';
import { chatWire } from './openai-chat/chat-wire.js';
import { answerEmbeddings } from './openai-embeddings/answer-embeddings.js';
import { responsesWire } from './openai-responses/responses-wire.js';
import { admitRequest } from './request/admit-request.js';
import { openWireRequest, type WireRequest } from './request/wire-request.js';
import { createRequestIds } from './request-ids.js';
import type { WireRoute } from './wire-routes.js';
import type { WiresContext } from './wires-context.js';

/** Answers requests of the wires; never rejects. */
export type WireHandler = (route: WireRoute, exchange: WireExchange) => Promise<void>;

/** Creates the handler that all wires share: keys, limits, rails, then the model, agent or upstream. */
export function createWireHandler(context: WiresContext, pools: UpstreamPools): WireHandler {
  const { clock, models } = context;
  const newRequestId = createRequestIds(context.ids);

  const serve = async (came: WireRequest): Promise<void> => {
    const { request, body: json } = await admitRequest(context, came);
    switch (request.route.name) {
      case 'chat-completions':
        return answerCall({ context, pools, wire: chatWire, json, request });
      case 'responses':
        return answerCall({ context, pools, wire: responsesWire, json, request });
      case 'messages':
        return answerCall({ context, pools, wire: messagesWire, json, request });
      case 'embeddings':
        return answerEmbeddings(models, request, json);
      case 'count-tokens':
        return answerTokenCount(models, request, json);
    }
  };

  return async (route, exchange) => {
    const request = openWireRequest({ route, exchange, clock, newRequestId });
    let failure: unknown;
    try {
      await serve(request);
    } catch (error) {
      failure = error ?? new Error('An empty value was thrown.');
    }
    finishRequest(context, request, failure);
  };
}
