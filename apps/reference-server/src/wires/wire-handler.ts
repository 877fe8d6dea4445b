import { isAbortError, type JsonObject, type Usage } from '@espalier/core';
import { createAgentAnswer } from './answer/agent-answer.js';
import { createModelAnswer } from './answer/model-answer.js';
import { streamAnswer } from './answer/stream-answer.js';
import { traceChat } from './answer/trace-chat.js';
import { anthropicError } from './anthropic-error.js';
import { countInputTokens } from './anthropic-messages/count-tokens.js';
import { countTokensRequestSchema } from './anthropic-messages/messages-schema.js';
import { countedToCall } from './anthropic-messages/messages-to-call.js';
import { messagesInputTexts, messagesWire } from './anthropic-messages/messages-wire.js';
import type { WireExchange } from './exchange/wire-exchange.js';
import { forwardRequest } from './forward/forward-request.js';
import type { UpstreamPools } from './forward/upstream-pools.js';
import { chatWire } from './openai-chat/chat-wire.js';
import { embeddingsRequestSchema } from './openai-embeddings/embeddings-schema.js';
import { embeddingTexts, embedTexts } from './openai-embeddings/embed-texts.js';
import { openaiError } from './openai-error.js';
import { responsesWire } from './openai-responses/responses-wire.js';
import { callerOf } from './request/caller-of.js';
import { guardInput, textsAt } from './request/guard-input.js';
import { parseJsonBody } from './request/parse-json-body.js';
import { guardConversation, openRequestGuard, type RequestGuard } from './request/request-guard.js';
import { parseWireBody } from './request/parse-wire-body.js';
import { createRequestIds } from './request-ids.js';
import { toWireError } from './to-wire-error.js';
import type { AnswerLabel, Wire } from './wire.js';
import { unknownModel, WireError } from './wire-error.js';
import type { WireRoute } from './wire-routes.js';
import type { Caller, ModelTarget, WiresContext, WireTarget } from './wires-context.js';

const CLIENT_GONE = 499;
const UNGUARDED: RequestGuard = {
  input: undefined,
  output: undefined,
  forAgent: undefined,
  mayForward: true,
};
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/u;

/** What is known of one request while it runs. */
interface RequestState {
  readonly requestId: string;
  readonly startedAtMs: number;
  readonly startedAt: number;
  caller: Caller | undefined;
  guard: RequestGuard;
  modelId: string | undefined;
  usage: Usage;
  isStream: boolean;
  isForwarded: boolean;
}

/** Answers requests of the wires; never rejects. */
export type WireHandler = (route: WireRoute, exchange: WireExchange) => Promise<void>;

/** Creates the handler that all wires share: keys, limits, rails, then the model, agent or upstream. */
export function createWireHandler(context: WiresContext, pools: UpstreamPools): WireHandler {
  const { clock, limits } = context;
  const newRequestId = createRequestIds(context.ids);

  const serve = async (
    route: WireRoute,
    exchange: WireExchange,
    state: RequestState,
  ): Promise<void> => {
    if (context.isDraining?.() === true) throw draining();
    const caller = await callerOf(exchange, (key) => context.authenticate(key));
    state.caller = caller;
    state.guard = openRequestGuard(context, { caller, path: route.path });
    const rate = context.limitRate?.(caller);
    if (rate?.isAllowed === false) throw rateLimited(rate.retryAfterMs);
    const encoding = exchange.header('content-encoding');
    if (encoding !== undefined && encoding !== 'identity') throw encodedBody(encoding);
    const bytes = await exchange.readBody(limits);
    const body = parseJsonBody(bytes, limits.jsonDepth);
    switch (route.name) {
      case 'chat-completions':
        return answerWire(chatWire, body, exchange, state, caller);
      case 'responses':
        return answerWire(responsesWire, body, exchange, state, caller);
      case 'messages':
        return answerWire(messagesWire, body, exchange, state, caller);
      case 'embeddings':
        return answerEmbeddings(body, exchange, state);
      case 'count-tokens':
        return answerCount(body, exchange, state);
    }
  };

  const answerWire = async <Body>(
    wire: Wire<Body>,
    json: JsonObject,
    exchange: WireExchange,
    state: RequestState,
    caller: Caller,
  ): Promise<void> => {
    let body = parseWireBody(wire.schema, json);
    const modelId = wire.modelOf(body);
    state.modelId = modelId;
    state.isStream = wire.isStream(body);
    const target = resolve(modelId, caller);
    if (target.kind === 'agent')
      return answerBody(wire, target, body, json, exchange, state, caller);
    const { input } = state.guard;
    if (input !== undefined) {
      const isChanged = await guardInput(input, wire.inputTexts(json));
      if (isChanged) body = parseWireBody(wire.schema, json);
      if (input.railsAt('conversation').length > 0)
        await guardConversation(input, wire.toCall(body));
    }
    context.onModelRequest?.({ requestId: state.requestId, modelId, body: json });
    return traceChat(
      context.telemetry,
      target.model,
      () => state.usage,
      () => answerBody(wire, target, body, json, exchange, state, caller),
    );
  };

  const answerBody = async <Body>(
    wire: Wire<Body>,
    target: ModelTarget,
    body: Body,
    json: JsonObject,
    exchange: WireExchange,
    state: RequestState,
    caller: Caller,
  ): Promise<void> => {
    const upstream = target.kind === 'model' ? context.wireTargetOf?.(target.model) : undefined;
    if (
      upstream !== undefined &&
      state.guard.mayForward &&
      wire.forward?.targetWire === upstream.wire
    ) {
      return forward(wire, upstream, json, exchange, state);
    }
    const aborter = new AbortController();
    exchange.onClientGone(() => {
      aborter.abort();
    });
    const call = { ...wire.toCall(body), abortSignal: aborter.signal };
    const source = sourceOf(target, state, caller);
    const label = labelOf(wire.idPrefix, wire.modelOf(body), state);
    if (state.isStream) {
      return streamAnswer({
        source,
        call,
        exchange,
        encoder: wire.openEncoder(label, body),
        headers: streamHeaders(state.requestId),
        onUsage: (usage) => {
          state.usage = usage;
        },
      });
    }
    const answer = await source.generate(call);
    state.usage = answer.usage;
    exchange.send(
      200,
      jsonHeaders(state.requestId),
      JSON.stringify(wire.toResponse(label, body, answer)),
    );
  };

  const forward = async <Body>(
    wire: Wire<Body>,
    target: WireTarget,
    body: JsonObject,
    exchange: WireExchange,
    state: RequestState,
  ): Promise<void> => {
    const rules = wire.forward;
    if (rules === undefined) return;
    state.isForwarded = true;
    const filter = rules.openFilter({
      modelId: state.modelId ?? target.modelId,
      requestId: state.requestId,
      body: { ...body },
      ...(state.guard.output === undefined ? {} : { guardrails: state.guard.output }),
    });
    const headers: Record<string, string> = {
      ...target.headers(),
      'content-type': 'application/json',
      accept: state.isStream ? 'text/event-stream' : 'application/json',
    };
    for (const name of rules.passedHeaders) {
      const value = exchange.header(name);
      if (value !== undefined) headers[name] = value;
    }
    body['model'] = target.modelId;
    rules.prepare(body);
    try {
      await forwardRequest({
        pools,
        target,
        headers,
        body: JSON.stringify(body),
        isStream: state.isStream,
        exchange,
        filter,
        clock,
        answerHeaders: state.isStream
          ? streamHeaders(state.requestId)
          : jsonHeaders(state.requestId),
      });
    } finally {
      state.usage = filter.usage;
    }
  };

  const answerEmbeddings = async (
    json: JsonObject,
    exchange: WireExchange,
    state: RequestState,
  ): Promise<void> => {
    const body = parseWireBody(embeddingsRequestSchema, json);
    state.modelId = body.model;
    const model = context.models.embedding(body.model);
    if (model === undefined) throw unknownModel(body.model);
    const holder: JsonObject = { texts: [...embeddingTexts(body)].map((text) => ({ text })) };
    const { input } = state.guard;
    if (input !== undefined) await guardInput(input, textsAt(holder, 'texts', 'input'));
    const texts = (holder['texts'] as { text: string }[]).map(({ text }) => text);
    const aborter = new AbortController();
    exchange.onClientGone(() => {
      aborter.abort();
    });
    const result = await embedTexts({
      model,
      modelId: body.model,
      body,
      texts,
      abortSignal: aborter.signal,
    });
    state.usage = result.usage;
    exchange.send(200, jsonHeaders(state.requestId), JSON.stringify(result.answer));
  };

  const answerCount = async (
    json: JsonObject,
    exchange: WireExchange,
    state: RequestState,
  ): Promise<void> => {
    let body = parseWireBody(countTokensRequestSchema, json);
    state.modelId = body.model;
    const target = resolve(body.model, state.caller);
    const { input } = state.guard;
    if (target.kind === 'model' && input !== undefined) {
      const isChanged = await guardInput(input, messagesInputTexts(json));
      if (isChanged) body = parseWireBody(countTokensRequestSchema, json);
    }
    const aborter = new AbortController();
    exchange.onClientGone(() => {
      aborter.abort();
    });
    const call = { ...countedToCall(body), abortSignal: aborter.signal };
    const tokens = await countInputTokens(target, call);
    exchange.send(200, jsonHeaders(state.requestId), JSON.stringify({ input_tokens: tokens }));
  };

  const resolve = (modelId: string, caller: Caller | undefined): ModelTarget => {
    const target =
      caller === undefined
        ? context.models.resolve(modelId)
        : context.models.resolve(modelId, caller);
    if (target === undefined) throw unknownModel(modelId);
    return target;
  };

  const sourceOf = (target: ModelTarget, state: RequestState, caller: Caller) =>
    target.kind === 'model'
      ? createModelAnswer(target.model, state.guard.output)
      : createAgentAnswer({
          agent: target.agent,
          guardrails: state.guard.forAgent,
          run: {
            runId: context.ids('run'),
            agent: target.agent.name,
            requestId: state.requestId,
            caller,
          },
          onRunEvent: (event, run) => context.onRunEvent?.(event, run),
        });

  const labelOf = (prefix: string, modelId: string, state: RequestState): AnswerLabel => ({
    id: context.ids(prefix),
    modelId,
    createdAtMs: state.startedAtMs,
    requestId: state.requestId,
    newId: context.ids,
    citationUrl: (citation) =>
      context.citationUrl?.(citation) ??
      `urn:espalier:${encodeURIComponent(citation.knowledgeBase ?? 'document')}:${encodeURIComponent(citation.documentId)}`,
  });

  const finish = (
    route: WireRoute,
    exchange: WireExchange,
    state: RequestState,
    error: unknown,
  ): void => {
    const durationMs = clock.monotonic() - state.startedAt;
    let status = 200;
    let errorCode: string | undefined;
    if (
      exchange.isClientGone &&
      (error === undefined || isAbortError(error) || !exchange.isStarted)
    ) {
      status = CLIENT_GONE;
    } else if (error !== undefined) {
      const wireError = toWireError(error);
      status = wireError.status;
      errorCode = wireError.code;
      if (wireError.kind === 'internal') {
        context.logger.error('request met an unexpected error', {
          requestId: state.requestId,
          error,
        });
      }
      if (!exchange.isStarted) {
        const shape =
          route.family === 'openai'
            ? openaiError(wireError)
            : anthropicError(wireError, state.requestId);
        exchange.send(status, errorHeaders(wireError, state.requestId), JSON.stringify(shape));
      }
    }
    const { requestId, startedAtMs, caller, modelId, usage, isStream, isForwarded } = state;
    const summary = {
      requestId,
      wire: route.name,
      path: route.path,
      status,
      isStream,
      isForwarded,
      startedAtMs,
      durationMs,
      usage,
      ...(modelId === undefined ? {} : { modelId }),
      ...(caller === undefined ? {} : { keyId: caller.keyId }),
      ...(errorCode === undefined ? {} : { errorCode }),
    };
    if (context.logRequest === undefined) context.logger.info('request', summary);
    else context.logRequest('request', summary);
    context.onRequestEnd?.(summary);
    if (caller !== undefined && modelId !== undefined && status !== 404) {
      context.recordUsage?.({
        requestId,
        caller,
        wire: route.name,
        modelId,
        usage,
        status,
        startedAtMs,
        durationMs,
      });
    }
  };

  return async (route, exchange) => {
    const given = exchange.header('x-request-id');
    const state: RequestState = {
      requestId: given !== undefined && REQUEST_ID.test(given) ? given : newRequestId(),
      startedAtMs: clock.now(),
      startedAt: clock.monotonic(),
      caller: undefined,
      guard: UNGUARDED,
      modelId: undefined,
      usage: {},
      isStream: false,
      isForwarded: false,
    };
    let failure: unknown;
    try {
      await serve(route, exchange, state);
    } catch (error) {
      failure = error ?? new Error('An empty value was thrown.');
    }
    finish(route, exchange, state, failure);
  };
}

function jsonHeaders(requestId: string): Record<string, string> {
  return { 'content-type': 'application/json', 'x-request-id': requestId, 'request-id': requestId };
}

function streamHeaders(requestId: string): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
    'request-id': requestId,
  };
}

function errorHeaders(error: WireError, requestId: string): Record<string, string> {
  const headers = jsonHeaders(requestId);
  if (error.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  if (error.kind === 'authentication') headers['www-authenticate'] = 'Bearer';
  return headers;
}

function draining(): WireError {
  return new WireError({
    kind: 'unavailable',
    code: 'ERR_WIRE_DRAINING',
    message: 'The server is shutting down and takes no new requests.',
    retryAfterMs: 1_000,
  });
}

function rateLimited(retryAfterMs: number): WireError {
  return new WireError({
    kind: 'rate-limit',
    code: 'ERR_WIRE_RATE_LIMITED',
    message: `Too many requests with this key; try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    openaiCode: 'rate_limit_exceeded',
    retryAfterMs,
  });
}

function encodedBody(encoding: string): WireError {
  return new WireError({
    kind: 'invalid-request',
    status: 415,
    code: 'ERR_WIRE_BODY_ENCODED',
    message: `Bodies of encoding "${encoding.slice(0, 30)}" are not taken; send plain JSON.`,
  });
}
