import { EspalierError, truncateValue } from '@espalier/core';

/** The registry has no such model, version or alias. */
export class RegistryUnknownError extends EspalierError {
  static override readonly errorName = 'RegistryUnknownError';

  constructor(options: { reference: string; known: readonly string[] }) {
    const known = options.known.slice(0, 20).join(', ');
    super({
      code: 'ERR_REGISTRY_UNKNOWN',
      message: `The registry holds no ${truncateValue(options.reference)}. It holds: ${known === '' ? 'nothing' : known}. Write name, name@version, name@alias, name@stage, or an id.`,
      details: { reference: options.reference, status: 404 },
    });
  }
}

/** A name, an alias or a change that the registry does not take. */
export class RegistryRequestError extends EspalierError {
  static override readonly errorName = 'RegistryRequestError';

  constructor(options: { problem: string; advice: string }) {
    super({
      code: 'ERR_REGISTRY_REQUEST',
      message: `${options.problem}. ${options.advice}`,
      details: { status: 409 },
    });
  }
}

/** A file of the registry cannot be read or written, or its content is not what was registered. */
export class RegistryFileError extends EspalierError {
  static override readonly errorName = 'RegistryFileError';

  constructor(options: { file: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_REGISTRY_FILE',
      message: `The registry’s file ${truncateValue(options.file, 300)} cannot be used: ${options.problem}. Check the disk and the permissions, or restore the folder.`,
      cause: options.cause,
      details: { file: options.file },
    });
  }
}
