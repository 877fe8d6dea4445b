import { truncateValue } from '@espalier/core';
import type { ProblemIssue } from '@espalier/protocol';
import { RequestError } from './request-error.js';

/** The body is not JSON. */
export function bodyNotJson(problem: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_BODY_NOT_JSON',
    status: 400,
    message: `The request body is not valid JSON: ${problem} Send one JSON document.`,
  });
}

/** The body holds bytes that are not UTF-8. */
export function bodyNotUtf8(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_BODY_NOT_UTF8',
    status: 400,
    message:
      'The request body is not valid UTF-8. Encode JSON as UTF-8; send other bytes as base64 or as a file.',
  });
}

/** The body nests deeper than the server reads. */
export function bodyTooDeep(limit: number): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_BODY_TOO_DEEP',
    status: 400,
    message: `The request body nests deeper than ${limit} levels. Flatten it, or raise limits.jsonDepth of the server.`,
  });
}

/** The body names a member that could change an object's prototype. */
export function bodyUnsafeMember(): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_BODY_UNSAFE_MEMBER',
    status: 400,
    message:
      'The request body has a member named "__proto__", which is not accepted anywhere. Rename it.',
  });
}

/** The body is larger than the server takes. */
export function bodyTooLarge(limitBytes: number): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_BODY_TOO_LARGE',
    status: 413,
    message: `The request body is larger than ${limitBytes} bytes. Send less at a time, or raise limits.body of the server.`,
  });
}

/** The body stopped arriving. */
export function bodyTimedOut(idleMs: number): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_BODY_TIMEOUT',
    status: 408,
    message: `Nothing of the request body arrived for ${idleMs} ms. Send it again without a pause.`,
    isRetryable: true,
    headers: { connection: 'close' },
  });
}

/** The body is of a media type that the route does not read. */
export function bodyMediaType(found: string | undefined, expected: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_BODY_MEDIA_TYPE',
    status: 415,
    message: `The request body is of type ${truncateValue(found ?? 'none')}, but this route takes ${expected}. Set content-type accordingly.`,
  });
}

/** The request does not fit its schema. */
export function requestInvalid(
  where: 'body' | 'query',
  issues: readonly ProblemIssue[],
): RequestError {
  const first = issues[0];
  return new RequestError({
    code: 'ERR_SERVER_REQUEST_INVALID',
    status: where === 'body' ? 422 : 400,
    message: `The request ${where} does not fit: ${first === undefined ? 'see errors.' : `${first.pointer === '' ? '(root)' : first.pointer}: ${first.message}`}`,
    issues,
  });
}

/** A list's cursor was not made by this server. */
export function cursorInvalid(cursor: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_CURSOR_INVALID',
    status: 400,
    message: `The cursor ${truncateValue(cursor, 40)} is not one that this list gave. Pass nextCursor of a page unchanged.`,
  });
}

/** A document's name is not a relative path or URI that stays inside its folder. */
export function documentNameInvalid(name: string): RequestError {
  return new RequestError({
    code: 'ERR_SERVER_DOCUMENT_NAME_INVALID',
    status: 400,
    message: `The document name ${truncateValue(name)} is not accepted. Use a relative path without ".." or a URI, without control characters.`,
  });
}
