import { isAbortError } from '@espalier/core';
import { anthropicError } from './anthropic-error.js';
import { openaiError } from './openai-error.js';
import { errorHeaders } from './response-headers.js';
import { toWireError } from './to-wire-error.js';
import type { WireRequest } from './request/wire-request.js';
import type { RequestSummary, WiresContext } from './wires-context.js';

const CLIENT_GONE = 499;

/** Ends a request however it went: answers an error in the wire's own shape, logs one line, records the usage. */
export function finishRequest(context: WiresContext, request: WireRequest, error: unknown): void {
  const { route, requestId, startedAtMs, caller, modelId, usage, isStream, isForwarded } = request;
  const durationMs = context.clock.monotonic() - request.startedAt;
  const { status, errorCode } = answerError(context, request, error);
  const summary: RequestSummary = {
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
  if (context.logRequest === undefined) context.logger.info('request', { ...summary });
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
}

function answerError(
  context: WiresContext,
  { route, exchange, requestId }: WireRequest,
  error: unknown,
): { status: number; errorCode?: string } {
  if (
    exchange.isClientGone &&
    (error === undefined || isAbortError(error) || !exchange.isStarted)
  ) {
    return { status: CLIENT_GONE };
  }
  if (error === undefined) return { status: 200 };
  const wireError = toWireError(error);
  if (wireError.kind === 'internal') {
    context.logger.error('request met an unexpected error', { requestId, error });
  }
  if (!exchange.isStarted) {
    const shape =
      route.family === 'openai' ? openaiError(wireError) : anthropicError(wireError, requestId);
    exchange.send(wireError.status, errorHeaders(wireError, requestId), JSON.stringify(shape));
  }
  return { status: wireError.status, errorCode: wireError.code };
}
