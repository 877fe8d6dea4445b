import type { WireError, WireErrorKind } from './wire-error.js';

const TYPE_OF: Readonly<Record<WireErrorKind, string>> = {
  'invalid-request': 'invalid_request_error',
  authentication: 'authentication_error',
  permission: 'permission_error',
  'not-found': 'not_found_error',
  'too-large': 'request_too_large',
  'rate-limit': 'rate_limit_error',
  blocked: 'invalid_request_error',
  internal: 'api_error',
  upstream: 'api_error',
  timeout: 'timeout_error',
  unavailable: 'overloaded_error',
};

/** An error as Anthropic's API words it. */
export interface AnthropicErrorBody {
  readonly type: 'error';
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id: string;
}

/** The error body of Anthropic's API; also the data of its `error` event. */
export function anthropicError(error: WireError, requestId: string): AnthropicErrorBody {
  const place = error.param === undefined ? '' : `${error.param}: `;
  return {
    type: 'error',
    error: { type: TYPE_OF[error.kind], message: `${place}${error.message}` },
    request_id: requestId,
  };
}
