import type { RunEvent } from './run-event.js';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

export type Passage = EventOf<'retrieval'>['passages'][number];
export type Citation = EventOf<'citation'>['citation'];
export type RailReport = EventOf<'rail'>['report'];
export type Usage = EventOf<'step-finished'>['usage'];
export type ApprovalRequest = EventOf<'run-paused'>['requests'][number];

/** One thing that a run did, as it is shown. */
export type RunStep =
  | (Omit<EventOf<'retrieval'>, 'type'> & { kind: 'retrieval' })
  | {
      kind: 'model';
      provider: string;
      modelId: string;
      messages: EventOf<'model-request'>['messages'];
      tools: readonly string[];
      /** Present once the model is done. */
      outcome?: Pick<EventOf<'step-finished'>, 'finishReason' | 'usage' | 'durationMs' | 'costUsd'>;
    }
  | {
      kind: 'rails';
      point: RailReport['point'];
      rails: readonly string[];
      reports: readonly RailReport[];
      durationMs?: number;
    }
  | {
      kind: 'tool';
      toolCallId: string;
      toolName: string;
      input: unknown;
      outcome?: Pick<EventOf<'tool-result'>, 'output' | 'isError' | 'durationMs'>;
    }
  | { kind: 'warning'; message: string };

/** How far a run is, from the console's side. */
export type RunViewStatus = 'starting' | 'running' | 'paused' | 'finished' | 'failed' | 'cancelled';

/** A run as it is shown: the sum of its events so far. */
export interface RunView {
  readonly status: RunViewStatus;
  readonly runId: string | undefined;
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly steps: readonly RunStep[];
  readonly approvals: readonly ApprovalRequest[];
  readonly usage: Usage | undefined;
  readonly costUsd: number | undefined;
  readonly finishReason: EventOf<'run-finished'>['finishReason'] | undefined;
  /** The server's own account of a failed run. */
  readonly failure: EventOf<'run-failed'>['error'] | undefined;
}

export const EMPTY_RUN_VIEW: RunView = {
  status: 'starting',
  runId: undefined,
  text: '',
  citations: [],
  steps: [],
  approvals: [],
  usage: undefined,
  costUsd: undefined,
  finishReason: undefined,
  failure: undefined,
};

/** Returns the view after one more event. */
export function reduceRunView(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case 'run-started':
      return { ...view, status: 'running', runId: event.runId, approvals: [] };
    case 'retrieval': {
      const { type: _, ...retrieval } = event;
      return withStep(view, { kind: 'retrieval', ...retrieval });
    }
    case 'model-request':
      return withStep(view, {
        kind: 'model',
        provider: event.provider,
        modelId: event.modelId,
        messages: event.messages,
        tools: event.tools,
      });
    case 'step-finished': {
      const { finishReason, usage, durationMs, costUsd } = event;
      const outcome = {
        finishReason,
        usage,
        durationMs,
        ...(costUsd === undefined ? {} : { costUsd }),
      };
      return withLastStep(view, (step) =>
        step.kind === 'model' && step.outcome === undefined ? { ...step, outcome } : undefined,
      );
    }
    case 'rail':
      return withRailReport(view, event.report);
    case 'rails-checked':
      return withRailsChecked(view, event);
    case 'text-delta':
      return { ...view, text: view.text + event.text };
    case 'tool-call':
      return withStep(view, {
        kind: 'tool',
        toolCallId: event.toolCallId,
        toolName: event.toolName,
        input: event.input,
      });
    case 'tool-result': {
      const { output, isError, durationMs } = event;
      return withLastStep(view, (step) =>
        step.kind === 'tool' && step.toolCallId === event.toolCallId
          ? { ...step, outcome: { output, isError, durationMs } }
          : undefined,
      );
    }
    case 'citation':
      return { ...view, citations: [...view.citations, event.citation] };
    case 'warning':
      return withStep(view, { kind: 'warning', message: event.warning.message });
    case 'run-paused':
      return { ...view, status: 'paused', approvals: event.requests };
    case 'run-finished':
      return {
        ...view,
        status: 'finished',
        text: textOf(event) || view.text,
        citations: event.citations.length > 0 ? event.citations : view.citations,
        usage: event.usage,
        costUsd: event.costUsd,
        finishReason: event.finishReason,
      };
    case 'run-failed':
      return { ...view, status: 'failed', failure: event.error };
    case 'run-cancelled':
      return { ...view, status: 'cancelled' };
    case 'step-started':
    case 'reasoning-delta':
    case 'tool-input-start':
      return view;
    default:
      return view;
  }
}

function withStep(view: RunView, step: RunStep): RunView {
  return { ...view, steps: [...view.steps, step] };
}

/** Replaces the last step for which `change` returns one. */
function withLastStep(view: RunView, change: (step: RunStep) => RunStep | undefined): RunView {
  for (let index = view.steps.length - 1; index >= 0; index -= 1) {
    const step = view.steps[index];
    const changed = step === undefined ? undefined : change(step);
    if (changed !== undefined) return { ...view, steps: view.steps.with(index, changed) };
  }
  return view;
}

/** Reports come one by one; those of one point that are not closed yet share a step. */
function withRailReport(view: RunView, report: RailReport): RunView {
  const last = view.steps.findLastIndex(
    (step) => step.kind === 'rails' && step.point === report.point && step.durationMs === undefined,
  );
  const step = view.steps[last];
  if (step?.kind === 'rails') {
    const rails = step.rails.includes(report.rail) ? step.rails : [...step.rails, report.rail];
    return {
      ...view,
      steps: view.steps.with(last, { ...step, rails, reports: [...step.reports, report] }),
    };
  }
  return withStep(view, {
    kind: 'rails',
    point: report.point,
    rails: [report.rail],
    reports: [report],
  });
}

function withRailsChecked(view: RunView, event: EventOf<'rails-checked'>): RunView {
  const { point, rails, durationMs } = event;
  const closed = withLastStep(view, (step) =>
    step.kind === 'rails' && step.point === point && step.durationMs === undefined
      ? { ...step, rails, durationMs }
      : undefined,
  );
  return closed === view
    ? withStep(view, { kind: 'rails', point, rails, reports: [], durationMs })
    : closed;
}

function textOf(event: EventOf<'run-finished'>): string {
  return event.message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
