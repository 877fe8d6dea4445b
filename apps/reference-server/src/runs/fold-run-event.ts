import { addUsage, messageText, type RunEvent } from '@espalier/core';
import type { RunObject } from '@espalier/protocol';

/** Returns the run as it is after `event`. */
export function foldRunEvent(
  run: RunObject,
  event: RunEvent,
  at: { id: number; nowMs: number },
): RunObject {
  const next: RunObject = { ...run, lastEventId: at.id };
  const finishedAt = new Date(at.nowMs).toISOString();
  switch (event.type) {
    case 'run-started':
      return { ...next, status: 'running', approvals: [] };
    case 'model-request':
      return { ...next, modelId: event.modelId };
    case 'step-finished':
      return {
        ...next,
        usage: addUsage(run.usage, event.usage),
        costUsd: event.costUsd === undefined ? run.costUsd : (run.costUsd ?? 0) + event.costUsd,
      };
    case 'run-paused':
      return { ...next, status: 'paused', approvals: event.requests };
    case 'run-finished':
      return {
        ...next,
        status: 'succeeded',
        finishedAt,
        output: messageText(event.message),
        citations: event.citations,
        finishReason: event.finishReason,
        usage: event.usage,
        costUsd: event.costUsd ?? run.costUsd,
        newMessages: event.newMessages,
      };
    case 'run-failed':
      return { ...next, status: 'failed', finishedAt, error: event.error };
    case 'run-cancelled':
      return { ...next, status: 'cancelled', finishedAt, approvals: [] };
    default:
      return next;
  }
}
