import type { JsonObject } from '@espalier/core';
import type { TrainingRecord } from '../../training/training-record.js';
import type { TrainingStoredEvent } from '../../training/training-store.js';

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** What the wire keeps of a job for its own answers. */
export interface FineTuningNote extends JsonObject {
  training_file: string;
  validation_file: string | null;
  method: 'supervised' | 'dpo';
  hyperparameters: JsonObject;
  seed: number;
  metadata: JsonObject | null;
}

/** Whether a job was made through this wire. */
export const isFineTuning = ({ request }: TrainingRecord): boolean =>
  typeof request.wire['training_file'] === 'string';

/** A job as OpenAI's API shows it; that has no word for a paused one, which is told as queued. */
export function toFineTuningJob(record: TrainingRecord): JsonObject {
  const note = record.request.wire as FineTuningNote;
  const { status, progress, error } = record;
  const eta = progress?.etaSeconds;
  return {
    object: 'fine_tuning.job',
    id: record.id,
    model: record.request.model,
    created_at: seconds(record.createdAtMs),
    finished_at: record.finishedAtMs === null ? null : seconds(record.finishedAtMs),
    fine_tuned_model: record.result?.modelId ?? null,
    organization_id: 'espalier',
    result_files: [],
    status: status === 'paused' ? 'queued' : status,
    training_file: note.training_file,
    validation_file: note.validation_file,
    hyperparameters: note.hyperparameters,
    trained_tokens: status === 'succeeded' ? (progress?.trainedTokens ?? 0) : null,
    error: error === null ? null : { code: error.code, message: error.message, param: null },
    seed: note.seed,
    estimated_finish:
      status === 'running' && typeof eta === 'number' && record.startedAtMs !== null
        ? seconds(record.startedAtMs) + Math.ceil(eta)
        : null,
    integrations: [],
    method: { type: note.method, [note.method]: { hyperparameters: note.hyperparameters } },
    metadata: note.metadata,
  };
}

/** An event as OpenAI's API shows it: measured numbers as `metrics`, all else as a sentence. */
export function toFineTuningEvent(row: TrainingStoredEvent): JsonObject {
  const event = JSON.parse(row.json) as JsonObject;
  const measured = metricsOf(event);
  return {
    object: 'fine_tuning.job.event',
    id: eventId(row.id),
    created_at: seconds(row.atMs),
    level: event['status'] === 'failed' ? 'error' : 'info',
    message: messageOf(event),
    type: measured === undefined ? 'message' : 'metrics',
    data: measured ?? {},
  };
}

/** A checkpoint as OpenAI's API shows it, with the numbers of its step. */
export function toFineTuningCheckpoint(
  record: TrainingRecord,
  row: TrainingStoredEvent,
  metrics: JsonObject,
): JsonObject {
  return {
    object: 'fine_tuning.job.checkpoint',
    id: `ftckpt-${row.id}`,
    created_at: seconds(row.atMs),
    fine_tuning_job_id: record.id,
    fine_tuned_model_checkpoint: `${record.id}:step-${row.step ?? 0}`,
    step_number: row.step ?? 0,
    metrics,
  };
}

/** The id of an event, and back. */
export const eventId = (id: number): string => `ftevent-${id}`;
export function eventNumber(id: string | undefined): number | undefined {
  const found = /^(?:ftevent|ftckpt)-(\d+)$/u.exec(id ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The numbers of a step or an evaluation under OpenAI's names. */
export function metricsOf(event: JsonObject): JsonObject | undefined {
  const { type, step, loss } = event;
  if (type === 'eval') return { step: step ?? 0, full_valid_loss: loss ?? 0 };
  if (type !== 'step') return undefined;
  return {
    step: step ?? 0,
    train_loss: loss ?? 0,
    learning_rate: event['learning_rate'] ?? 0,
    grad_norm: event['grad_norm'] ?? 0,
  };
}

function messageOf(event: JsonObject): string {
  const said = (name: string): string => {
    const value = event[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const step = said('step');
  switch (event['type']) {
    case 'status': {
      const error = event['error'] as { message?: string } | null;
      return `The job is ${said('status')}${error?.message === undefined ? '.' : `: ${error.message}`}`;
    }
    case 'start':
      return `Training ${said('trainable_parameters')} weights for ${said('total_steps')} steps, from step ${Number(event['first_step']) + 1}.`;
    case 'step':
      return `Step ${step}: training loss=${Number(event['loss']).toFixed(4)}`;
    case 'eval':
      return `Step ${step}: validation loss=${Number(event['loss']).toFixed(4)}`;
    case 'checkpoint':
      return `Checkpoint written at step ${step}.`;
    case 'paused':
      return `Paused at step ${step}.`;
    default:
      return said('type');
  }
}
