/** The exit codes of the `espalier` command; documented in the package's README. */
export const EXIT = {
  ok: 0,
  /** Something failed that has no code of its own. */
  failure: 1,
  /** The command line is not understood. */
  usage: 2,
  config: 3,
  portInUse: 4,
  dataFolder: 5,
  nodeVersion: 6,
  /** No server answers. */
  unreachable: 7,
  /** The key is missing, unknown, expired, revoked or not allowed. */
  key: 8,
  /** The server refused the request for another reason. */
  refused: 9,
  /** An ingest ended, but some documents were refused. */
  partial: 10,
  /** Stopped by Ctrl+C. */
  interrupted: 130,
} as const;
