import { EspalierError, isAbortError, type ErrorInfo } from '@espalier/core';

/** The reason of the signal of a job that was cancelled. */
export class JobCancelledError extends EspalierError {
  static override readonly errorName = 'JobCancelledError';
  constructor(options: { id: string }) {
    super({
      code: 'ERR_DATABASE_JOB_CANCELLED',
      message: `Job ${options.id} was cancelled. Enqueue it again, under a new key, to run it after all.`,
      details: options,
    });
  }
}

/** The reason of the signal of a job whose worker stops; it will be begun again. */
export class JobInterruptedError extends EspalierError {
  static override readonly errorName = 'JobInterruptedError';
  constructor(options: { id: string }) {
    super({
      code: 'ERR_DATABASE_JOB_INTERRUPTED',
      message: `Job ${options.id} was interrupted because its worker stops. It is queued again; nothing needs to be done.`,
      isRetryable: true,
      details: options,
    });
  }
}

/** A job's worker died or lost touch with the database for longer than its lease. */
export class JobLostError extends EspalierError {
  static override readonly errorName = 'JobLostError';
  constructor(options: { id: string }) {
    super({
      code: 'ERR_DATABASE_JOB_LOST',
      message: `The worker of job ${options.id} died or lost its lease. It is begun again while attempts are left; look for a crash if it happens often.`,
      isRetryable: true,
      details: options,
    });
  }
}

/** A failure of a handler as a job keeps it. Errors of other libraries carry no code and count as retryable. */
export function toJobError(error: unknown): ErrorInfo {
  if (EspalierError.isInstance(error)) {
    return {
      code: error.code,
      message: error.message.toWellFormed(),
      isRetryable: error.isRetryable,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'ERR_DATABASE_JOB_HANDLER',
    message: (isAbortError(error) ? `Aborted: ${message}` : message).toWellFormed(),
    isRetryable: true,
  };
}
