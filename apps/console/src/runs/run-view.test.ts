import { describe, expect, it } from 'vitest';
import { ANSWER, CITATIONS, sampleRun } from '../__fixtures__/sample-run.js';
import type { RunEvent } from './run-event.js';
import { EMPTY_RUN_VIEW, reduceRunView, type RailReport, type RunView } from './run-view.js';

function viewOf(events: readonly RunEvent[]): RunView {
  return events.reduce(reduceRunView, EMPTY_RUN_VIEW);
}

const verdict: RailReport['verdict'] = { action: 'block', reason: 'No.', findings: [] };

describe('the view of a run', () => {
  it('is the sum of its events', () => {
    const view = viewOf(sampleRun('run_1', 'How?'));
    expect(view).toMatchObject({
      status: 'finished',
      runId: 'run_1',
      text: ANSWER,
      citations: CITATIONS,
      usage: { inputTokens: 812, outputTokens: 96 },
      finishReason: 'stop',
    });
    expect(view.steps.map((step) => step.kind)).toEqual(['rails', 'retrieval', 'model', 'rails']);
  });

  it('joins what rails report at one point into one step', () => {
    const view = viewOf([
      { type: 'rail', report: { rail: 'pii', point: 'input', verdict } },
      { type: 'rail', report: { rail: 'secrets', point: 'input', verdict } },
      { type: 'rails-checked', point: 'input', rails: ['pii', 'secrets', 'topics'], durationMs: 2 },
      { type: 'rails-checked', point: 'output', rails: ['pii'], durationMs: 1 },
    ]);
    expect(view.steps).toMatchObject([
      { point: 'input', rails: ['pii', 'secrets', 'topics'], reports: [{}, {}], durationMs: 2 },
      { point: 'output', rails: ['pii'], reports: [], durationMs: 1 },
    ]);
  });

  it('gives each tool call its own result, in whatever order they come', () => {
    const call = (toolCallId: string): RunEvent => ({
      type: 'tool-call',
      toolCallId,
      toolName: 'cut',
      input: {},
    });
    const result = (toolCallId: string, output: string): RunEvent => ({
      type: 'tool-result',
      toolCallId,
      toolName: 'cut',
      output,
      isError: false,
      durationMs: 1,
    });
    const view = viewOf([call('a'), call('b'), result('a', 'A'), result('b', 'B')]);
    expect(view.steps).toMatchObject([
      { toolCallId: 'a', outcome: { output: 'A' } },
      { toolCallId: 'b', outcome: { output: 'B' } },
    ]);
  });

  it('keeps what was streamed when the last event holds no text', () => {
    const view = viewOf([
      { type: 'text-delta', text: 'Half' },
      {
        type: 'run-finished',
        message: { role: 'assistant', content: [] },
        citations: [],
        finishReason: 'blocked',
        usage: {},
        newMessages: [],
      },
    ]);
    expect(view).toMatchObject({ text: 'Half', finishReason: 'blocked', status: 'finished' });
  });

  it('tells why a run failed', () => {
    const error = { code: 'ERR_X', message: 'Broken.', isRetryable: true };
    expect(viewOf([{ type: 'run-failed', error }])).toMatchObject({
      status: 'failed',
      failure: error,
    });
  });
});
