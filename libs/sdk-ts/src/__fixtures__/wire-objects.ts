import {
  encodeRunStreamEvent,
  type JobObject,
  type RunEvent,
  type RunObject,
} from '@espalier/protocol';
import type { Answer } from './scripted-server.js';

const CREATED_AT = '2026-11-22T16:30:00.000Z';

export function runObject(changes: Partial<RunObject> = {}): RunObject {
  return {
    id: 'run_1',
    agent: 'guide',
    status: 'running',
    createdAt: CREATED_AT,
    finishedAt: null,
    modelId: 'extractive',
    knowledgeBase: 'docs',
    output: null,
    citations: [],
    finishReason: null,
    usage: {},
    costUsd: null,
    error: null,
    approvals: [],
    newMessages: [],
    metadata: {},
    lastEventId: 0,
    ...changes,
  };
}

export function jobObject(changes: Partial<JobObject> = {}): JobObject {
  return {
    id: 'job_1',
    kind: 'ingest',
    status: 'queued',
    attempts: 1,
    progress: null,
    result: null,
    error: null,
    createdAt: CREATED_AT,
    startedAt: null,
    finishedAt: null,
    ...changes,
  };
}

/** A whole run: started, one delta for each word, finished. */
export function runEvents(words: readonly string[]): RunEvent[] {
  return [
    { type: 'run-started', runId: 'run_1', agent: 'guide', isResumed: false },
    ...words.map((text): RunEvent => ({ type: 'text-delta', text })),
    {
      type: 'run-finished',
      message: { role: 'assistant', content: [{ type: 'text', text: words.join('') }] },
      citations: [],
      finishReason: 'stop',
      usage: { inputTokens: 3, outputTokens: words.length },
      newMessages: [],
    },
  ];
}

/** Frames of `events` with the ids that follow `afterId`. */
export function frames(events: readonly RunEvent[], afterId = 0): string {
  return events
    .map((event, index) => encodeRunStreamEvent({ id: afterId + index + 1, event }))
    .join('');
}

/** Streams `text`, then ends the answer, breaks the connection, or leaves it open. */
export function sse(text: string, then: 'end' | 'break' | 'hang' = 'end'): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text, () => {
      if (then === 'end') response.end();
      if (then === 'break') setImmediate(() => response.destroy());
    });
  };
}
