import { EspalierError, isAbortError } from '@espalier/core';
import {
  DatabaseBusyError,
  DatabaseClosedError,
  DatabaseConstraintError,
  DatabaseCorruptError,
  DatabaseFullError,
  DatabaseQueryError,
  DatabaseUnreachableError,
  DatabaseUnwritableError,
  type ConstraintKind,
} from '../errors.js';

const CONSTRAINTS: Readonly<Record<string, ConstraintKind>> = {
  '23502': 'not-null',
  '23503': 'foreign-key',
  '23505': 'unique',
  '23514': 'check',
};
const NETWORK =
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT)$/u;
const BROKEN =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|client was closed/iu;

/**
 * Returns the typed error for what `pg` or PGlite threw; aborts and errors that are typed already as they are.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function fromPostgresError(error: unknown, sql?: string): unknown {
  if (EspalierError.isInstance(error) || isAbortError(error)) return error;
  const { message: problem, code } = read(error);
  const options = { problem, cause: error };
  if (NETWORK.test(code) || BROKEN.test(problem))
    return new DatabaseUnreachableError({ ...options, isRetryable: true });
  if (/after calling end|already been destroyed|is closed/u.test(problem))
    return new DatabaseClosedError({ cause: error });
  if (code === '53100') return new DatabaseFullError(options);
  if (['40001', '40P01', '55P03'].includes(code)) return new DatabaseBusyError(options);
  if (['25006', '42501'].includes(code)) return new DatabaseUnwritableError(options);
  if (['XX001', 'XX002'].includes(code)) return new DatabaseCorruptError(options);
  switch (code.slice(0, 2)) {
    case '08':
    case '53':
    case '57':
      return new DatabaseUnreachableError({ ...options, isRetryable: true });
    case '28':
    case '3D':
      return new DatabaseUnreachableError({ ...options, isRetryable: false });
    case '23':
      return new DatabaseConstraintError({ ...options, kind: CONSTRAINTS[code] ?? 'other' });
    default:
      return new DatabaseQueryError({ ...options, sql });
  }
}

function read(error: unknown): { message: string; code: string } {
  // A connection refused on every address of a name comes as an AggregateError without words of its own.
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0)
    return read(error.errors[0]);
  if (!(error instanceof Error)) return { message: String(error), code: '' };
  const { code } = error as Error & { code?: unknown };
  return { message: error.message, code: typeof code === 'string' ? code : '' };
}
