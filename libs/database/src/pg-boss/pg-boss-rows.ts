import { createHash, randomUUID } from 'node:crypto';
import type { ErrorInfo, Job, JobStatus, JsonValue } from '@espalier/core';

/** pg-boss's own names of the states. */
export type BossState = 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed';

/** What stands in pg-boss's `data`. */
export interface BossData {
  readonly payload: JsonValue;
  readonly maxAttempts: number;
  readonly key?: string;
}

/** What this adapter selects of a job. */
export interface BossRow {
  readonly id: string;
  readonly name: string;
  readonly state: BossState;
  readonly data: BossData;
  readonly output: Record<string, JsonValue> | null;
  readonly retry_count: number;
  readonly created_ms: number;
  readonly start_after_ms: number;
  readonly started_ms: number | null;
  readonly completed_ms: number | null;
  readonly progress: JsonValue;
}

const STATUS: Readonly<Record<BossState, JobStatus>> = {
  created: 'queued',
  retry: 'queued',
  active: 'running',
  completed: 'succeeded',
  cancelled: 'cancelled',
  failed: 'failed',
};

/** The states of pg-boss that make up a status. */
export function bossStatesOf(status: JobStatus): readonly BossState[] {
  return (Object.keys(STATUS) as BossState[]).filter((state) => STATUS[state] === status);
}

/** The job that a row stands for. */
export function fromBossRow(row: BossRow): Job {
  const status = STATUS[row.state];
  const error = status === 'succeeded' ? undefined : errorOf(row.output);
  return {
    id: row.id,
    kind: row.name,
    ...(row.data.key === undefined ? {} : { key: row.data.key }),
    payload: row.data.payload,
    status,
    attempts: attemptsOf(row),
    maxAttempts: row.data.maxAttempts,
    progress: row.progress,
    result: status === 'succeeded' ? (row.output?.['result'] ?? null) : null,
    ...(error === undefined ? {} : { error }),
    isCancelRequested: false,
    createdAtMs: row.created_ms,
    runAtMs: row.start_after_ms,
    ...(row.started_ms === null ? {} : { startedAtMs: row.started_ms }),
    ...(row.completed_ms === null ? {} : { finishedAtMs: row.completed_ms }),
  };
}

/** pg-boss counts repetitions, and only of jobs that were begun. */
function attemptsOf(row: BossRow): number {
  return row.retry_count + (row.started_ms === null ? 0 : 1);
}

function errorOf(output: BossRow['output']): ErrorInfo | undefined {
  if (output === null) return undefined;
  const { code, message, isRetryable } = output;
  if (typeof code === 'string' && typeof message === 'string')
    return { code, message, isRetryable: isRetryable === true };
  // pg-boss itself ended the run: no heartbeat came, or the run took longer than it allows.
  const { value } = output;
  const words =
    typeof value === 'object' && value !== null && 'message' in value
      ? value['message']
      : undefined;
  return {
    code: 'ERR_DATABASE_JOB_LOST',
    message: typeof words === 'string' ? words : 'The worker of the job died or lost its lease.',
    isRetryable: true,
  };
}

/** The id of a job: always the same for a key of a kind, so that PostgreSQL itself refuses a second one. */
export function bossIdOf(kind: string, key: string | undefined): string {
  if (key === undefined) return randomUUID();
  const hex = createHash('sha256').update(`${kind}\u0000${key}`).digest('hex');
  // Version 8 of RFC 9562: a value of the application's own making.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
