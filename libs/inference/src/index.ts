export {
  ModelAuthError,
  ModelCallError,
  ModelConnectionError,
  ModelRateLimitError,
  ModelRequestError,
  ModelResponseError,
  ModelResponseTooLargeError,
  ModelStreamError,
  ModelTimeoutError,
  ModelUnavailableError,
  ModelUnsupportedError,
  PeerMissingError,
} from './errors.js';
export type { FailedAttempt, ModelIdentity, StreamFault, TimeoutPhase } from './errors.js';
export { parseRetryAfter } from './retry/parse-retry-after.js';
export { DEFAULT_RETRY_POLICY } from './retry/retry-policy.js';
export type { RetryPolicy } from './retry/retry-policy.js';
export { runWithRetries } from './retry/run-with-retries.js';
export type { AttemptContext, RetryOptions } from './retry/run-with-retries.js';
export { DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TIMEOUTS } from './transport/call-limits.js';
export type { CallTimeouts } from './transport/call-limits.js';
export type { HttpAdapterOptions } from './transport/call-runtime.js';
export { wireTargetOf } from './wire-target.js';
export type { WireTarget } from './wire-target.js';
export { createExtractiveAnswerer } from './extractive/create-extractive-answerer.js';
export type { ExtractiveAnswererOptions } from './extractive/create-extractive-answerer.js';
export { computeCost } from './cost/compute-cost.js';
export type { ModelPrice } from './cost/compute-cost.js';
export { extractive } from './extractive/extractive-plugin.js';
