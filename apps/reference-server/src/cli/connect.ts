import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { dataFolderAt } from '../composition/open-data-folder.js';
import { pointerFile, readServerFile, type ServerFile } from '../composition/server-file.js';
import { EXIT } from '../errors/exit-codes.js';
import { CliError } from './cli-error.js';
import type { CliContext, ConnectionOptions } from './cli-context.js';

const DEFAULT_URL = 'http://127.0.0.1:8787';

/** How a server is reached. */
export interface Connection {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly client: EspalierClient;
}

/**
 * Finds the server: by flags, by the environment, else the one that runs on this machine.
 *
 * A running server is looked for in `--data`, in `.espalier` here and in the folders above, and in the folder that
 * this user's last server used.
 */
export async function connect(
  options: ConnectionOptions,
  context: CliContext,
): Promise<Connection> {
  const { environment } = context;
  const url = options.url ?? filled(environment['ESPALIER_URL']);
  const key = options.key ?? filled(environment['ESPALIER_API_KEY']);
  const found = await findServer(options, context);
  const chosenUrl = url ?? found?.url ?? DEFAULT_URL;
  const isSame = found !== undefined && (url === undefined || sameOrigin(url, found.url));
  const chosenKey = key ?? (isSame ? found.key : undefined);
  if (url === undefined && found === undefined && key === undefined) {
    throw new CliError({
      code: 'ERR_CLI_NO_SERVER',
      message:
        'No server runs on this machine. Start one with "npm start" or "espalier start", or name one with --url and --key.',
      exitCode: EXIT.unreachable,
    });
  }
  return {
    url: chosenUrl,
    apiKey: chosenKey,
    client: createEspalierClient({
      baseUrl: chosenUrl,
      ...(chosenKey !== undefined && { apiKey: chosenKey }),
      retry: { maxTotalMs: 5_000 },
    }),
  };
}

async function findServer(
  options: ConnectionOptions,
  context: CliContext,
): Promise<ServerFile | undefined> {
  const named = options.data ?? filled(context.environment['ESPALIER_DATA']);
  if (named !== undefined)
    return readServerFile(dataFolderAt(resolve(context.directory, named)).serverFile);
  for (let folder = context.directory; ; folder = dirname(folder)) {
    const found = await readServerFile(dataFolderAt(join(folder, '.espalier')).serverFile);
    if (found !== undefined) return found;
    if (folder === dirname(folder)) break;
  }
  const pointed = await readFile(pointerFile(context.environment), 'utf8').catch(() => '');
  return pointed === '' ? undefined : readServerFile(dataFolderAt(pointed.trim()).serverFile);
}

function sameOrigin(a: string, b: string): boolean {
  try {
    return new URL(a).origin === new URL(b).origin;
  } catch {
    return false;
  }
}

const filled = (value: string | undefined): string | undefined =>
  value === '' ? undefined : value;
