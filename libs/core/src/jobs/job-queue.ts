import * as z from 'zod';
import { errorInfoSchema } from '../agent/run-event.js';
import { jsonValueSchema, type JsonValue } from '../json/json-value.js';

/** `queued` waits for a worker or for its time, `running` is held by one; the other three are final. */
export const jobStatusSchema = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export type JobStatus = z.infer<typeof jobStatusSchema>;

/** A piece of work that outlives the process that asked for it. */
export const jobSchema = z.object({
  id: z.string(),
  /** Which handler runs it, `knowledge-base.ingest`. */
  kind: z.string(),
  /** Given by the caller; within a kind there is one job for each key. */
  key: z.string().optional(),
  payload: jsonValueSchema,
  status: jobStatusSchema,
  /** How often a worker has begun it. */
  attempts: z.int().min(0),
  maxAttempts: z.int().min(1),
  /** The last value that its handler reported; `null` before the first. */
  progress: jsonValueSchema,
  /** What the handler returned; `null` until it has succeeded. */
  result: jsonValueSchema,
  /** Why the last attempt failed; absent where none has. */
  error: errorInfoSchema.optional(),
  /** Whether a running job was told to stop. */
  isCancelRequested: z.boolean(),
  /** Units of all times: ms since 1970-01-01T00:00:00Z. */
  createdAtMs: z.number(),
  /** Not begun before this time. */
  runAtMs: z.number(),
  /** When the last attempt began. */
  startedAtMs: z.number().optional(),
  finishedAtMs: z.number().optional(),
});
export type Job = z.infer<typeof jobSchema>;

/** What is to be done. */
export interface EnqueueOptions {
  readonly kind: string;
  readonly payload: JsonValue;
  /**
   * Makes the call idempotent: where the kind already has a job with this key, whatever its status, that job is
   * returned and nothing is added.
   */
  readonly key?: string;
  /** Default 3. */
  readonly maxAttempts?: number;
  /** How long to wait before the first attempt. Units: ms. */
  readonly runAfterMs?: number;
  readonly abortSignal?: AbortSignal;
}

/** What a handler may use while it works on a job. */
export interface JobContext {
  /** Aborts when the job is cancelled, when its worker stops, or when its lease was lost. */
  readonly abortSignal: AbortSignal;
  /** Stores how far the work has come; resolves once this value or a later one is stored. */
  readonly progress: (value: JsonValue) => Promise<void>;
}

/** A worker of one kind. */
export interface WorkOptions {
  readonly kind: string;
  /** How many jobs run at the same time. Default 1. */
  readonly concurrency?: number;
  /**
   * Does the work and returns its result. It must bear being run again: a job whose process died is begun anew.
   *
   * A thrown error leads to another attempt after a growing pause, unless it is an `EspalierError` that says it is
   * not retryable, or attempts are used up.
   */
  handler(job: Job, context: JobContext): Promise<JsonValue | undefined> | JsonValue | undefined;
}

/** Ends a worker: no new jobs, then waits for those that run; after `graceMs` they are aborted and queued again. */
export type StopWorking = (options?: { readonly graceMs?: number }) => Promise<void>;

/** A page of jobs, newest first. */
export interface JobPage {
  readonly jobs: readonly Job[];
  /** Given to the next call; `undefined` on the last page. */
  readonly nextCursor: string | undefined;
}

/**
 * Keeps jobs and runs them at least once each.
 *
 * A job that `enqueue` has returned survives the death of the process. One that was running then is begun again.
 */
export interface JobQueue {
  readonly specificationVersion: 'v1';
  enqueue(options: EnqueueOptions): Promise<Job>;
  /** Starts a worker. */
  work(options: WorkOptions): Promise<StopWorking>;
  get(id: string): Promise<Job | undefined>;
  list(options?: {
    readonly kind?: string;
    readonly status?: JobStatus;
    readonly cursor?: string;
    /** Default 50, at most 500. */
    readonly limit?: number;
  }): Promise<JobPage>;
  /**
   * Ends a queued job, and asks the handler of a running one to stop through its signal.
   *
   * Resolves to the job as it then is; a final one is left as it is. `undefined` where there is none.
   */
  cancel(id: string): Promise<Job | undefined>;
  /** Stops all workers as {@link StopWorking} does. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}
