import { addUsage, type JsonObject } from '@espalier/core';
import { forwardCall } from '../forward/forward-call.js';
import type { UpstreamPools } from '../forward/upstream-pools.js';
import { guardInput } from '../request/guard-input.js';
import { parseWireBody } from '../request/parse-wire-body.js';
import { guardConversation } from '../request/request-guard.js';
import { resolveTarget } from '../request/resolve-target.js';
import { clientSignal, type AdmittedRequest } from '../request/wire-request.js';
import { jsonHeaders, streamHeaders } from '../response-headers.js';
import type { AnswerLabel, Wire } from '../wire.js';
import { unsupported } from '../wire-error.js';
import type { ModelTarget, WiresContext } from '../wires-context.js';
import { createAgentAnswer } from './agent-answer.js';
import { createModelAnswer } from './model-answer.js';
import { streamAnswer } from './stream-answer.js';
import { traceChat } from './trace-chat.js';

/** What a wire's call is answered with. */
export interface AnswerCallOptions<Body> {
  readonly context: WiresContext;
  readonly pools: UpstreamPools;
  readonly wire: Wire<Body>;
  readonly json: JsonObject;
  readonly request: AdmittedRequest;
}

/**
 * Answers a call of a wire: by an agent, by an upstream of the same wire, or by a model through its adapter.
 *
 * Agents bring their own rails; what goes to a model passes the input rails here.
 */
export async function answerCall<Body>(options: AnswerCallOptions<Body>): Promise<void> {
  const { context, wire, json, request } = options;
  let body = parseWireBody(wire.schema, json);
  const modelId = wire.modelOf(body);
  request.modelId = modelId;
  request.isStream = wire.isStream(body);
  const target = resolveTarget(context.models, modelId, request.caller);
  if (target.kind === 'agent') return answerHere(options, body, target);
  const { model } = target;
  const { input } = request.guard;
  if (input !== undefined) {
    const isChanged = await guardInput(input, wire.inputTexts(json));
    if (isChanged) body = parseWireBody(wire.schema, json);
    if (input.railsAt('conversation').length > 0) await guardConversation(input, wire.toCall(body));
  }
  context.onModelRequest?.({ requestId: request.requestId, modelId, body: json });
  return traceChat(
    context.telemetry,
    model,
    () => request.usage,
    () => {
      const upstream = context.wireTargetOf?.(model);
      const rules = wire.forward;
      const isForwarded =
        upstream !== undefined && request.guard.mayForward && rules?.targetWire === upstream.wire;
      if (!isForwarded) return answerHere(options, body, target);
      const { pools } = options;
      return forwardCall({
        rules,
        target: upstream,
        body: json,
        request,
        pools,
        clock: context.clock,
      });
    },
  );
}

async function answerHere<Body>(
  { context, wire, request }: AnswerCallOptions<Body>,
  body: Body,
  target: ModelTarget,
): Promise<void> {
  const { exchange, requestId } = request;
  const call = { ...wire.toCall(body), abortSignal: clientSignal(exchange) };
  const count = wire.countOf?.(body) ?? 1;
  if (count > 1 && (target.kind === 'agent' || request.isStream))
    throw unsupported(
      'Several choices are made by models, and not in streams; leave out "n".',
      'n',
    );
  const canTell = target.kind === 'model' && target.model.limits.supportsLogProbabilities === true;
  if (call.logProbabilities !== undefined && !canTell)
    throw unsupported('This model gives no log probabilities.', 'logprobs');
  const source =
    target.kind === 'model'
      ? createModelAnswer(target.model, request.guard.output)
      : createAgentAnswer({
          agent: target.agent,
          guardrails: request.guard.forAgent,
          run: {
            runId: context.ids('run'),
            agent: target.agent.name,
            requestId,
            caller: request.caller,
          },
          onRunEvent: (event, run) => context.onRunEvent?.(event, run),
        });
  const label = labelOf(context, request, { prefix: wire.idPrefix, modelId: wire.modelOf(body) });
  if (request.isStream) {
    return streamAnswer({
      source,
      call,
      exchange,
      encoder: wire.openEncoder(label, body),
      headers: streamHeaders(requestId),
      onUsage: (usage) => {
        request.usage = usage;
      },
    });
  }
  const [answer, ...others] = await Promise.all([
    source.generate(call),
    ...Array.from({ length: count - 1 }, (_, index) =>
      source.generate({
        ...call,
        ...(call.seed !== undefined && { seed: call.seed + index + 1 }),
      }),
    ),
  ]);
  request.usage = others.map(({ usage }) => usage).reduce(addUsage, answer.usage);
  const response = wire.toResponse(label, body, answer, others);
  exchange.send(200, jsonHeaders(requestId), JSON.stringify(response));
}

function labelOf(
  context: WiresContext,
  request: AdmittedRequest,
  { prefix, modelId }: { prefix: string; modelId: string },
): AnswerLabel {
  return {
    id: context.ids(prefix),
    modelId,
    createdAtMs: request.startedAtMs,
    requestId: request.requestId,
    newId: context.ids,
    citationUrl: (citation) =>
      context.citationUrl?.(citation) ??
      `urn:espalier:${encodeURIComponent(citation.knowledgeBase ?? 'document')}:${encodeURIComponent(citation.documentId)}`,
  };
}
