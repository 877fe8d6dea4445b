import {
  ApiError,
  AuthenticationError,
  EspalierClientError,
  InvalidResponseError,
  NetworkError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  RequestInvalidError,
  RequestTimeoutError,
  RunNotFinishedError,
  StreamInterruptedError,
  TooLargeError,
  UnsupportedFormatError,
} from '@espalier/sdk-ts';

/** An error in words that a person can act on. */
export interface ErrorAdvice {
  readonly title: string;
  readonly action: string;
  readonly canRetry: boolean;
  /** To look up in the error catalogue. */
  readonly code?: string;
  /** To find in the server's logs. */
  readonly requestId?: string;
}

/** Returns what to tell a person about an error. */
export function adviceFor(error: unknown): ErrorAdvice {
  return { ...wordsFor(error), ...referenceOf(error) };
}

function wordsFor(error: unknown): ErrorAdvice {
  const message = error instanceof Error ? error.message : String(error);
  if (AuthenticationError.isInstance(error)) {
    return {
      title: 'The server does not know this key.',
      action: 'Sign out, then sign in with a key that is neither expired nor revoked.',
      canRetry: false,
    };
  }
  if (PermissionError.isInstance(error)) {
    return {
      title: 'Your key may not do this.',
      action: 'Sign in with an admin key, or ask for one.',
      canRetry: false,
    };
  }
  if (NetworkError.isInstance(error) || RequestTimeoutError.isInstance(error)) {
    return {
      title: 'The server cannot be reached.',
      action: 'Check that it still runs (in its terminal, or with “npm start”), then try again.',
      canRetry: true,
    };
  }
  if (RateLimitError.isInstance(error)) {
    const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000);
    return {
      title: 'Too many requests.',
      action: seconds > 0 ? `Try again in ${seconds} seconds.` : 'Wait a moment, then try again.',
      canRetry: true,
    };
  }
  if (StreamInterruptedError.isInstance(error)) {
    return {
      title: 'The connection to the answer was lost.',
      action: 'What had arrived is shown. Check the connection, then ask again.',
      canRetry: true,
    };
  }
  if (RunNotFinishedError.isInstance(error)) {
    return {
      title: 'The run did not finish.',
      action: error.error?.message ?? message,
      canRetry: error.isRetryable,
    };
  }
  if (NotFoundError.isInstance(error)) {
    return { title: 'It is not there (any more).', action: message, canRetry: false };
  }
  if (TooLargeError.isInstance(error)) {
    return {
      title: 'The file is too large.',
      action: `${message} Split it, or raise the server’s limit.`,
      canRetry: false,
    };
  }
  if (UnsupportedFormatError.isInstance(error)) {
    return { title: 'The server cannot read this format.', action: message, canRetry: false };
  }
  if (RequestInvalidError.isInstance(error)) {
    const issues = error.issues.map((issue) => `${issue.pointer}: ${issue.message}`);
    return {
      title: 'The server did not accept this.',
      action: [message, ...issues].join(' '),
      canRetry: false,
    };
  }
  if (InvalidResponseError.isInstance(error)) {
    return {
      title: 'The answer makes no sense to this console.',
      action:
        'Reload the page: the server may have been updated. If it stays, check what stands between.',
      canRetry: true,
    };
  }
  const isRetryable = EspalierClientError.isInstance(error) && error.isRetryable;
  return { title: 'Something went wrong.', action: message, canRetry: isRetryable };
}

function referenceOf(error: unknown): { code?: string; requestId?: string } {
  const code = RunNotFinishedError.isInstance(error) ? error.error?.code : undefined;
  return {
    ...(EspalierClientError.isInstance(error) ? { code: code ?? error.code } : {}),
    ...(ApiError.isInstance(error) && error.requestId !== undefined
      ? { requestId: error.requestId }
      : {}),
  };
}
