/** How often and how patiently a failed call is tried again. Units: ms. */
export interface RetryPolicy {
  /** Tries after the first one. Default 2. */
  readonly maxRetries: number;
  /** The wait before the first retry; doubles with each. Default 500. */
  readonly initialDelayMs: number;
  /** The longest wait that is chosen here; a longer Retry-After counts. Default 8000. */
  readonly maxDelayMs: number;
}

/** The policy where none is given. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxRetries: 2,
  initialDelayMs: 500,
  maxDelayMs: 8000,
};
