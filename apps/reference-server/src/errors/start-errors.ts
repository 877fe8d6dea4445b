import { EspalierError, truncateValue } from '@espalier/core';
import { EXIT } from './exit-codes.js';

/** Something that keeps the server from starting, with the exit code of the process. */
export class StartError extends EspalierError {
  static override readonly errorName = 'StartError';
  readonly exitCode: number;

  constructor(options: { code: string; message: string; exitCode: number; cause?: unknown }) {
    super({ code: options.code, message: options.message, cause: options.cause });
    this.exitCode = options.exitCode;
  }
}

/** The port is taken. */
export function portInUse(host: string, port: number, cause: unknown): StartError {
  return new StartError({
    code: 'ERR_SERVER_PORT_IN_USE',
    message: `Port ${port} on ${host} is in use by another program. Stop that program, or choose another port with --port.`,
    exitCode: EXIT.portInUse,
    cause,
  });
}

/** The address cannot be listened on. */
export function listenFailed(
  host: string,
  port: number,
  problem: string,
  cause: unknown,
): StartError {
  return new StartError({
    code: 'ERR_SERVER_LISTEN',
    message: `The server cannot listen on ${host}:${port} (${problem}). Choose another address with --host and --port.`,
    exitCode: EXIT.portInUse,
    cause,
  });
}

/** The data folder cannot be written. */
export function dataFolderUnwritable(folder: string, problem: string, cause: unknown): StartError {
  return new StartError({
    code: 'ERR_SERVER_DATA_FOLDER',
    message: `The data folder ${truncateValue(folder, 200)} cannot be used (${problem}). Make it writable for this user, or choose another with --data.`,
    exitCode: EXIT.dataFolder,
    cause,
  });
}

/** Another server process uses the data folder. */
export function dataFolderBusy(folder: string, url: string): StartError {
  return new StartError({
    code: 'ERR_SERVER_DATA_FOLDER_BUSY',
    message: `The data folder ${truncateValue(folder, 200)} is in use by the server at ${url}. Stop that server, or choose another folder with --data.`,
    exitCode: EXIT.dataFolder,
  });
}

/** A learned ranker of the configuration cannot be used. */
export function rankerUnusable(
  options: { name: string; file: string; problem: string },
  cause: unknown,
): StartError {
  const { name, file, problem } = options;
  return new StartError({
    code: 'ERR_SERVER_RANKER',
    message: `The ranker ${truncateValue(name)} (${truncateValue(file, 200)}) cannot be used: ${problem} Correct its path under "rankers", or write it with "espalier train-ranker --for knowledge-base".`,
    exitCode: EXIT.config,
    cause,
  });
}

/** The configuration file cannot be read. */
export function configFileUnreadable(file: string, problem: string, cause?: unknown): StartError {
  return new StartError({
    code: 'ERR_SERVER_CONFIG_FILE',
    message: `The configuration file ${truncateValue(file, 200)} cannot be read: ${problem}`,
    exitCode: EXIT.config,
    cause,
  });
}
