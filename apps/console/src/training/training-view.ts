import type { TrainingEvent } from './training-job.js';

/** A measured value at a step. */
export interface Point {
  readonly step: number;
  readonly value: number;
}

/** One evaluation. */
export interface Evaluation {
  readonly step: number;
  readonly loss: number;
  readonly isBest: boolean;
  /** What else was measured, by name. */
  readonly others: Readonly<Record<string, number>>;
}

/** What the model wrote at an evaluation. */
export interface Sample {
  readonly step: number;
  readonly prompt: string;
  readonly text: string;
}

/** One line of what a job told. */
export interface LogLine {
  readonly id: number;
  readonly text: string;
}

/** A job's events summed up for the eye. */
export interface TrainingView {
  readonly totalSteps: number | undefined;
  readonly backend: string | undefined;
  readonly trainableParameters: number | undefined;
  /** By the name of what is measured at every step, in the order of their first value. */
  readonly series: ReadonlyMap<string, readonly Point[]>;
  readonly evaluations: readonly Evaluation[];
  readonly samples: readonly Sample[];
  readonly checkpoints: readonly number[];
  readonly log: readonly LogLine[];
  /** Units: s. */
  readonly etaSeconds: number | undefined;
}

export const EMPTY_TRAINING_VIEW: TrainingView = {
  totalSteps: undefined,
  backend: undefined,
  trainableParameters: undefined,
  series: new Map(),
  evaluations: [],
  samples: [],
  checkpoints: [],
  log: [],
  etaSeconds: undefined,
};

/** Lines that are kept; steps have none of their own. */
const MAX_LINES = 300;
/** Members of a step that are no curve. */
const NO_CURVE = ['type', 'step', 'tokens', 'eta_seconds'];
const NO_OTHER = ['type', 'step', 'loss', 'is_best'];

/** Takes a batch of events into the view. */
export function addTrainingEvents(
  view: TrainingView,
  entries: readonly { readonly id: number; readonly event: TrainingEvent }[],
): TrainingView {
  const draft = {
    ...view,
    series: new Map([...view.series].map(([name, points]) => [name, [...points]])),
    evaluations: [...view.evaluations],
    samples: [...view.samples],
    checkpoints: [...view.checkpoints],
    log: [...view.log],
  };
  for (const { id, event } of entries) {
    const step = event.step ?? 0;
    if (event.type === 'start') {
      // A job that goes on from a checkpoint does again what came after it.
      const first = numberOf(event['first_step']) ?? 0;
      for (const points of draft.series.values()) cut(points, first);
      cut(draft.evaluations, first);
      cut(draft.samples, first);
      draft.checkpoints = draft.checkpoints.filter((at) => at <= first);
      draft.totalSteps = numberOf(event['total_steps']);
      draft.trainableParameters = numberOf(event['trainable_parameters']);
      draft.backend = String(event['backend']);
    } else if (event.type === 'step') {
      for (const [name, value] of Object.entries(event)) {
        if (NO_CURVE.includes(name) || typeof value !== 'number') continue;
        const points = draft.series.get(name) ?? [];
        points.push({ step, value });
        draft.series.set(name, points);
      }
      draft.etaSeconds = numberOf(event['eta_seconds']);
    } else if (event.type === 'eval') {
      draft.evaluations.push({
        step,
        loss: numberOf(event['loss']) ?? Number.NaN,
        isBest: event['is_best'] === true,
        others: Object.fromEntries(
          Object.entries(event).flatMap(([name, value]) =>
            !NO_OTHER.includes(name) && typeof value === 'number' ? [[name, value]] : [],
          ),
        ),
      });
    } else if (event.type === 'sample') {
      draft.samples.push({ step, prompt: String(event['prompt']), text: String(event['text']) });
    } else if (event.type === 'checkpoint') {
      draft.checkpoints.push(step);
    }
    const text = lineOf(event);
    if (text !== undefined) draft.log.push({ id, text });
  }
  draft.log = draft.log.slice(-MAX_LINES);
  return draft;
}

function cut(rows: { readonly step: number }[], lastStep: number): void {
  while ((rows.at(-1)?.step ?? 0) > lastStep) rows.pop();
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** An event as a sentence; none for steps, which the curves tell, and for samples, which stand apart. */
function lineOf(event: TrainingEvent): string | undefined {
  const step = event.step ?? 0;
  switch (event.type) {
    case 'step':
    case 'sample':
      return undefined;
    case 'status': {
      const error = event['error'] as { message?: string } | null | undefined;
      const why = error?.message === undefined ? '.' : `: ${error.message}`;
      return `The job is ${String(event['status'])}${why}`;
    }
    case 'start':
      return `${Number(event['first_step']) > 0 ? `Goes on after step ${String(event['first_step'])}` : 'Begins'} on ${String(event['backend'])}.`;
    case 'eval':
      return `Step ${step}: evaluation loss ${Number(event['loss']).toFixed(4)}${event['is_best'] === true ? ', the best so far' : ''}.`;
    case 'checkpoint':
      return `Step ${step}: checkpoint written.`;
    case 'paused':
      return `Paused after step ${step}.`;
    case 'stopped':
      return `Stopped early at step ${step}; step ${String(event['best_step'])} was the best.`;
    case 'done':
      return 'The result is written.';
    default:
      return event.type;
  }
}
