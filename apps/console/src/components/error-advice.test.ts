import {
  AuthenticationError,
  NetworkError,
  RateLimitError,
  RequestInvalidError,
  RunNotFinishedError,
} from '@espalier/sdk-ts';
import { describe, expect, it } from 'vitest';
import { adviceFor } from './error-advice.js';

const problem = {
  type: '/problems/x',
  title: 'X',
  status: 422,
  detail: 'The request does not fit.',
  code: 'ERR_SERVER_INVALID',
  requestId: 'req_7',
  errors: [{ pointer: '/name', message: 'Too long.' }],
};

describe('the advice for an error', () => {
  it.each([
    [new AuthenticationError({ status: 401, url: 'u' }), 'Sign out', false],
    [new NetworkError({ url: 'u', cause: new Error('refused') }), 'still runs', true],
    [new RateLimitError({ status: 429, url: 'u', retryAfterMs: 4200 }), '5 seconds', true],
    [new RequestInvalidError({ status: 422, url: 'u', problem }), '/name: Too long.', false],
    [new Error('odd'), 'odd', false],
    ['thrown text', 'thrown text', false],
  ])('says what to do: %s', (error, words, canRetry) => {
    const advice = adviceFor(error);
    expect(advice.action).toContain(words);
    expect(advice.canRetry).toBe(canRetry);
  });

  it('names the code and the request, and for a failed run the code of its cause', () => {
    expect(adviceFor(new RequestInvalidError({ status: 422, url: 'u', problem }))).toMatchObject({
      code: 'ERR_SERVER_INVALID',
      requestId: 'req_7',
    });
    const error = { code: 'ERR_INFERENCE_TIMEOUT', message: 'Silent.', isRetryable: true };
    expect(
      adviceFor(new RunNotFinishedError({ runId: 'r', outcome: 'failed', error })),
    ).toMatchObject({
      action: 'Silent.',
      code: 'ERR_INFERENCE_TIMEOUT',
    });
  });
});
