import type { Clock, JsonObject } from '@espalier/core';
import type { WireRequest } from '../request/wire-request.js';
import { jsonHeaders, streamHeaders } from '../response-headers.js';
import type { ForwardRules } from '../wire.js';
import type { WireTarget } from '../wires-context.js';
import { forwardRequest } from './forward-request.js';
import type { UpstreamPools } from './upstream-pools.js';

/** Sends a request on to an upstream of its own wire, and the answer back through the wire's filter. */
export async function forwardCall(options: {
  rules: ForwardRules;
  target: WireTarget;
  /** What the caller sent, as the rails left it; changed in place. */
  body: JsonObject;
  request: WireRequest;
  pools: UpstreamPools;
  clock: Clock;
}): Promise<void> {
  const { rules, target, body, request, pools, clock } = options;
  const { exchange, requestId, isStream, guard } = request;
  request.isForwarded = true;
  const filter = rules.openFilter({
    modelId: request.modelId ?? target.modelId,
    requestId,
    body: { ...body },
    ...(guard.output === undefined ? {} : { guardrails: guard.output }),
  });
  const headers: Record<string, string> = {
    ...target.headers(),
    'content-type': 'application/json',
    accept: isStream ? 'text/event-stream' : 'application/json',
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
      isStream,
      exchange,
      filter,
      clock,
      answerHeaders: isStream ? streamHeaders(requestId) : jsonHeaders(requestId),
    });
  } finally {
    request.usage = filter.usage;
  }
}
