import type { WireError, WireErrorKind } from './wire-error.js';

const TYPE_OF: Readonly<Record<WireErrorKind, string>> = {
  'invalid-request': 'invalid_request_error',
  authentication: 'invalid_request_error',
  permission: 'permission_error',
  'not-found': 'invalid_request_error',
  'too-large': 'invalid_request_error',
  'rate-limit': 'rate_limit_error',
  blocked: 'invalid_request_error',
  internal: 'server_error',
  upstream: 'server_error',
  timeout: 'server_error',
  unavailable: 'server_error',
};

/** The `error` object of OpenAI's API. */
export interface OpenAIErrorObject {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** An error as OpenAI's API words it; `code` is OpenAI's own where it has one, else ours. */
export function openaiError(error: WireError): { error: OpenAIErrorObject } {
  return {
    error: {
      message: error.message,
      type: TYPE_OF[error.kind],
      param: error.param ?? null,
      code: error.openaiCode ?? error.code,
    },
  };
}
