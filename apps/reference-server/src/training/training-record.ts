import type { ErrorInfo, JsonObject } from '@espalier/core';
import type { TrainingJobObject, TrainingJobStatus, TrainingProgress } from '@espalier/protocol';
import type { TrainingJobTable } from '../state/server-tables.js';

/** What a job was asked to do, and what only one wire tells of it. */
export interface TrainingRequest {
  readonly task: 'sft' | 'dpo' | 'orpo' | 'kto';
  readonly model: string;
  readonly trainingFile: string;
  readonly validationFile: string | null;
  readonly register: string;
  /** The last words of the result's id. */
  readonly suffix: string | null;
  readonly settings: JsonObject;
  /** What a wire keeps for its own answers. */
  readonly wire: JsonObject;
}

/** A training job as it is kept. */
export interface TrainingRecord {
  readonly id: string;
  readonly keyId: string;
  readonly status: TrainingJobStatus;
  readonly wanted: 'paused' | 'cancelled' | null;
  readonly queueId: string | null;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly request: TrainingRequest;
  readonly progress: TrainingProgress | null;
  readonly result: { readonly reference: string; readonly modelId: string } | null;
  readonly error: ErrorInfo | null;
}

/** Whether a status is final. */
export const isFinalTraining = (status: TrainingJobStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

/** A record as a row. */
export function toTrainingRow(record: TrainingRecord): TrainingJobTable {
  const { id, keyId, status, wanted, queueId, createdAtMs, ...document } = record;
  return {
    id,
    key_id: keyId,
    status,
    wanted,
    queue_id: queueId,
    created_at_ms: createdAtMs,
    document: JSON.stringify(document),
  };
}

/** A row as a record. */
export function fromTrainingRow(row: TrainingJobTable): TrainingRecord {
  const document = JSON.parse(row.document) as Omit<
    TrainingRecord,
    'id' | 'keyId' | 'status' | 'wanted' | 'queueId' | 'createdAtMs'
  >;
  return {
    ...document,
    id: row.id,
    keyId: row.key_id,
    status: row.status as TrainingJobStatus,
    wanted: row.wanted as TrainingRecord['wanted'],
    queueId: row.queue_id,
    createdAtMs: Number(row.created_at_ms),
  };
}

/** A record as the native wire shows it. */
export function toTrainingObject(record: TrainingRecord): TrainingJobObject {
  const time = (ms: number | null): string | null =>
    ms === null ? null : new Date(ms).toISOString();
  const { request } = record;
  return {
    id: record.id,
    status: record.status,
    task: request.task,
    model: request.model,
    trainingFile: request.trainingFile,
    validationFile: request.validationFile,
    register: request.register,
    settings: request.settings,
    progress: record.progress,
    result: record.result,
    error: record.error,
    createdAt: new Date(record.createdAtMs).toISOString(),
    startedAt: time(record.startedAtMs),
    finishedAt: time(record.finishedAtMs),
  };
}
