import {
  ConfigError,
  EspalierError,
  PluginError,
  ProviderCycleError,
  ProviderDuplicateError,
  ProviderMissingError,
  isAbortError,
} from '@espalier/core';
import {
  DatabaseCorruptError,
  DatabaseFullError,
  DatabaseNewerError,
  DatabaseUnreachableError,
  DatabaseUnwritableError,
} from '@espalier/database';
import {
  AuthenticationError,
  NetworkError,
  PermissionError,
  RequestTimeoutError,
  StreamInterruptedError,
  ApiError,
} from '@espalier/sdk-ts';
import { EXIT } from '../errors/exit-codes.js';
import { StartError } from '../errors/start-errors.js';
import { CliError } from './cli-error.js';
import type { CliContext } from './cli-context.js';

/** Tells what went wrong in a sentence, or as one JSON document, and returns the exit code. */
export function reportError(
  error: unknown,
  context: CliContext,
  options: { json: boolean },
): number {
  if (context.abortSignal.aborted && isAbortError(error)) return EXIT.interrupted;
  const { message, code, exitCode } = describe(error);
  if (options.json) context.out(`${JSON.stringify({ error: { code, message } })}\n`);
  else context.err(`espalier: ${message}\n`);
  return exitCode;
}

function describe(error: unknown): { message: string; code: string; exitCode: number } {
  if (!EspalierError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      message: `Something failed that should not: ${message}`,
      code: 'ERR_CLI_UNEXPECTED',
      exitCode: EXIT.failure,
    };
  }
  return { message: error.message, code: error.code, exitCode: exitCodeOf(error) };
}

const CONFIG_ERRORS = [
  ConfigError,
  PluginError,
  ProviderCycleError,
  ProviderDuplicateError,
  ProviderMissingError,
];
const DATA_ERRORS = [
  DatabaseCorruptError,
  DatabaseFullError,
  DatabaseNewerError,
  DatabaseUnreachableError,
  DatabaseUnwritableError,
];

function exitCodeOf(error: EspalierError): number {
  if (StartError.isInstance(error) || CliError.isInstance(error)) return error.exitCode;
  if (CONFIG_ERRORS.some((type) => type.isInstance(error))) return EXIT.config;
  if (DATA_ERRORS.some((type) => type.isInstance(error))) return EXIT.dataFolder;
  if (AuthenticationError.isInstance(error) || PermissionError.isInstance(error)) return EXIT.key;
  if (
    NetworkError.isInstance(error) ||
    RequestTimeoutError.isInstance(error) ||
    StreamInterruptedError.isInstance(error)
  ) {
    return EXIT.unreachable;
  }
  return ApiError.isInstance(error) ? EXIT.refused : EXIT.failure;
}
