import { resolve } from 'node:path';
import { createServerLogger } from '../../composition/create-logger.js';
import { createServer } from '../../composition/create-server.js';
import type { RunningServer } from '../../composition/running-server.js';
import { openDataFolder, type DataFolder } from '../../composition/open-data-folder.js';
import {
  pointerFile,
  readServerFile,
  removeServerFile,
  writePointer,
  writeServerFile,
} from '../../composition/server-file.js';
import { startTelemetry } from '../../composition/start-telemetry.js';
import type { ServerConfig } from '../../config/config-schema.js';
import { loadConfig } from '../../config/load-config.js';
import { EXIT } from '../../errors/exit-codes.js';
import { dataFolderBusy } from '../../errors/start-errors.js';
import { VERSION } from '../../version.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import { showSample } from '../output/show-sample.js';

/** Options of `espalier start`. */
export interface StartOptions {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly config?: string;
  readonly log?: 'file' | 'stdout';
  readonly json?: boolean;
}

const STDOUT = 1;
const PROBE_MS = 500;

/** Starts the server and resolves when it has stopped. */
export async function start(options: StartOptions, context: CliContext): Promise<number> {
  const { environment, directory } = context;
  const { config: loaded, file } = await loadConfig({ file: options.config, directory });
  const config = withOverrides(loaded, options, environment);
  const root = resolve(
    directory,
    options.data ?? filled(environment['ESPALIER_DATA']) ?? config.data ?? '.espalier',
  );
  const folder = await openDataFolder(root);
  await assertFree(folder);

  const logsTo = options.log ?? config.logs.destination;
  const logger = createServerLogger({
    level: config.logs.level,
    destination: logsTo === 'file' ? folder.logFile : STDOUT,
  });
  // Log lines on standard output stand alone there, so that a program can read them.
  const say = (text: string): void => {
    if (logsTo === 'file') context.out(text);
    else context.err(text);
  };
  const telemetry = await startTelemetry({ config, logger });
  try {
    const server = await createServer({
      config,
      dataFolder: root,
      version: VERSION,
      logger,
      telemetry: telemetry?.telemetry,
    });
    try {
      await writeServerFile(folder.serverFile, {
        url: server.url,
        pid: process.pid,
        key: server.localKey,
      });
      await writePointer(pointerFile(environment), root);
      if (options.json === true) {
        context.out(`${JSON.stringify(factsOf(server, { folder, file, logsTo }))}\n`);
      } else {
        say(bannerOf(server, { folder, file, config, logsTo }));
        void showSample(server, { say, isTerminal: context.isTerminal });
      }
      await stopped(context.abortSignal);
      if (options.json !== true) say('\nStopping: what runs is finished first.\n');
    } finally {
      await removeServerFile(folder.serverFile);
      await server.close();
    }
  } finally {
    await telemetry?.stop();
    await logger.flush();
  }
  if (options.json !== true) say('Stopped.\n');
  return EXIT.ok;
}

function withOverrides(
  config: ServerConfig,
  options: StartOptions,
  environment: CliContext['environment'],
): ServerConfig {
  const host = options.host ?? filled(environment['ESPALIER_HOST']) ?? config.server.host;
  const text = options.port ?? filled(environment['ESPALIER_PORT']);
  const port = text === undefined ? config.server.port : Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || text?.trim() === '') {
    throw new CliError({
      code: 'ERR_CLI_PORT',
      message: `The port "${text ?? ''}" is not a number from 0 to 65535.`,
      exitCode: EXIT.usage,
    });
  }
  return { ...config, server: { host, port } };
}

/** One data folder has one server: two would answer for the same runs and jobs. */
async function assertFree(folder: DataFolder): Promise<void> {
  const other = await readServerFile(folder.serverFile);
  if (other === undefined || other.pid === process.pid) return;
  const answers = await fetch(`${other.url}/healthz`, {
    signal: AbortSignal.timeout(PROBE_MS),
  }).then(
    (response) => response.ok,
    () => false,
  );
  if (answers) throw dataFolderBusy(folder.root, other.url);
}

type LogsTo = ServerConfig['logs']['destination'];

function factsOf(
  server: RunningServer,
  { folder, file, logsTo }: { folder: DataFolder; file: string | undefined; logsTo: LogsTo },
): Record<string, string | null> {
  return {
    url: server.url,
    reference: `${server.url}/reference`,
    adminKey: server.adminKey ?? null,
    data: folder.root,
    config: file ?? null,
    logs: logsTo === 'file' ? folder.logFile : null,
  };
}

function bannerOf(
  server: RunningServer,
  about: { folder: DataFolder; file: string | undefined; config: ServerConfig; logsTo: LogsTo },
): string {
  const { folder, file, config, logsTo } = about;
  const lines = [
    `Espalier ${VERSION} is ready.`,
    '',
    `  ${server.hasConsole ? 'Console      ' : 'Server       '}  ${server.url}`,
    `  API reference  ${server.url}/reference`,
    ...(server.adminKey === undefined
      ? []
      : [
          `  Admin key      ${server.adminKey}`,
          '                 shown this once; only its hash is stored',
        ]),
    `  Data           ${folder.root}`,
    ...(file === undefined ? [] : [`  Configuration  ${file}`]),
    ...(logsTo === 'file' ? [`  Logs           ${folder.logFile}`] : []),
    '',
    config.sample && config.agents.length === 0
      ? '  Try: npx espalier ask "How do I write a plug-in?"'
      : '  Try: npx espalier ask "…"',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function stopped(abortSignal: AbortSignal): Promise<void> {
  return new Promise((resolveStopped) => {
    if (abortSignal.aborted) resolveStopped();
    abortSignal.addEventListener('abort', () => {
      resolveStopped();
    });
  });
}

const filled = (value: string | undefined): string | undefined =>
  value === '' ? undefined : value;
