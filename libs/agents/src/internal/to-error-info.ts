import { EspalierError, type ErrorInfo } from '@espalier/core';
import { RunFailedError } from '../errors.js';

/** An error as events carry it; what has no code of its own gets the code of a failed run. */
export function toErrorInfo(error: unknown): ErrorInfo {
  const known = EspalierError.isInstance(error) ? error : new RunFailedError({ cause: error });
  return {
    code: known.code,
    message: known.message.toWellFormed(),
    isRetryable: known.isRetryable,
  };
}
