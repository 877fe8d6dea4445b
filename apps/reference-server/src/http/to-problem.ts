import { EspalierError, isAbortError } from '@espalier/core';
import type { Problem } from '@espalier/protocol';
import { RequestError } from '../errors/request-error.js';

/** An error as the wire answers it. */
export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it is the server's own fault, to be logged with its stack. */
  readonly isInternal: boolean;
}

/** Statuses of errors that libraries throw, by what their codes end with or are. */
const STATUS_BY_CODE: readonly (readonly [RegExp, number])[] = [
  [/^ERR_RAG_KNOWLEDGE_BASE_EXISTS$/u, 409],
  [/_(?:DOCUMENT|FILE)_EMPTY$/u, 422],
  [/MEDIA_TYPE_UNSUPPORTED$|_BINARY$/u, 415],
  [/_UNKNOWN$|_NOT_FOUND$|^ERR_CORE_PROVIDER_MISSING$/u, 404],
  [/_TOO_LARGE$/u, 413],
  [/_INVALID(?:_[A-Z]+)?$|^ERR_CORE_INVALID_ARGUMENT$|_NAME$/u, 400],
  [/_MISMATCH$|_CONFLICT$/u, 409],
  [/_DISPOSED$|_CLOSED$/u, 503],
];

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timed out',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be processed',
  499: 'Client went away',
  500: 'Internal error',
  502: 'Upstream failed',
  503: 'Not available',
  504: 'Upstream timed out',
};

/** Says what an error is on the wire; what is not an error made on purpose shows nothing of itself. */
export function toProblem(error: unknown, requestId: string): ProblemAnswer {
  if (RequestError.isInstance(error)) {
    return answer({
      error,
      status: error.status,
      requestId,
      headers: error.headers,
      ...(error.issues.length > 0 && { issues: error.issues }),
    });
  }
  if (EspalierError.isInstance(error)) {
    const status = STATUS_BY_CODE.find(([pattern]) => pattern.test(error.code))?.[1] ?? 500;
    return answer({ error, status, requestId, headers: {} });
  }
  const isAbort = isAbortError(error);
  return {
    problem: {
      type: `/problems/${isAbort ? 'ERR_SERVER_ABORTED' : 'ERR_SERVER_INTERNAL'}`,
      title: TITLES[isAbort ? 499 : 500] as string,
      status: isAbort ? 499 : 500,
      detail: isAbort
        ? 'The request was aborted before its answer.'
        : 'The server failed on this request. Its logs tell more under the request id.',
      code: isAbort ? 'ERR_SERVER_ABORTED' : 'ERR_SERVER_INTERNAL',
      requestId,
    },
    headers: {},
    isInternal: !isAbort,
  };
}

function answer(options: {
  error: EspalierError;
  status: number;
  requestId: string;
  headers: Readonly<Record<string, string>>;
  issues?: RequestError['issues'];
}): ProblemAnswer {
  const { error, status, requestId, headers, issues } = options;
  return {
    problem: {
      type: `/problems/${error.code}`,
      title: TITLES[status] ?? 'Error',
      status,
      detail: error.message.toWellFormed(),
      code: error.code,
      requestId,
      ...(error.isRetryable && { isRetryable: true }),
      ...(issues !== undefined && { errors: [...issues] }),
    },
    headers,
    isInternal: status === 500,
  };
}
