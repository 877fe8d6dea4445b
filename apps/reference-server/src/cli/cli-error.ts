import { EspalierError } from '@espalier/core';

/** Something that ends a command, with the exit code of the process. */
export class CliError extends EspalierError {
  static override readonly errorName = 'CliError';
  readonly exitCode: number;

  constructor(options: { code: string; message: string; exitCode: number; cause?: unknown }) {
    super({ code: options.code, message: options.message, cause: options.cause });
    this.exitCode = options.exitCode;
  }
}
