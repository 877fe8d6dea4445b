/**
 * One request and its answer, whatever carries them.
 *
 * An answer is either one `send`, or `start`, any number of `write`, and one of `end` or `destroy`.
 */
export interface WireExchange {
  /** A request header; lower-case name. */
  header(name: string): string | undefined;
  /** The whole body; rejects with a `WireError` beyond the limits. */
  readBody(limits: { bodyBytes: number; bodyIdleMs: number }): Promise<Uint8Array>;
  /** Calls back once when the client goes away before the answer is complete. */
  onClientGone(callback: () => void): void;
  readonly isClientGone: boolean;
  readonly isStarted: boolean;
  send(status: number, headers: Record<string, string>, body: string): void;
  start(status: number, headers: Record<string, string>): void;
  /** Whether more may be written at once; when `false`, wait for `drained`. */
  write(text: string): boolean;
  drained(): Promise<void>;
  end(): void;
  /** Cuts the connection, so that the client sees that the answer is not whole. */
  destroy(): void;
}
