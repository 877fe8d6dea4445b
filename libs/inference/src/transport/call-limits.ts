/** Time limits of a call to a provider. Units: ms. */
export interface CallTimeouts {
  /** From sending a request to the headers of its answer. Default: the `outputMs` limit alone. */
  readonly headersMs: number;
  /** Between two pieces of an answer's body. Default 15 000. */
  readonly idleMs: number;
  /**
   * The longest time without output: from the call, with all its retries and waits, to the first output (for a call
   * that does not stream: to the whole answer), and between two outputs of a stream. Comments and pings are no output.
   * Default 30 000.
   */
  readonly outputMs: number;
}

/** The time limits where none are given. */
export const DEFAULT_TIMEOUTS: CallTimeouts = {
  headersMs: 30_000,
  idleMs: 15_000,
  outputMs: 30_000,
};

/** The largest answer that is read where no limit is given. Units: bytes. */
export const DEFAULT_MAX_RESPONSE_BYTES = 32_000_000;
