/** The process as commands see it, so that tests can be in its place. */
export interface CliContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  /** Whether standard output is a terminal that shows colour and moves its cursor. */
  readonly isTerminal: boolean;
  out(text: string): void;
  err(text: string): void;
  /** Aborts at the first Ctrl+C or SIGTERM. */
  readonly abortSignal: AbortSignal;
  /** Leaves further signals to the system, which ends the process at once; by default they change nothing. */
  endAtNextSignal(): void;
}

/** Options of every command that talks to a server. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly key?: string;
  readonly data?: string;
  readonly json?: boolean;
}
