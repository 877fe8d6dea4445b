import { access, readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, parseConfig } from '@espalier/core';
import { configFileUnreadable } from '../errors/start-errors.js';
import { configSchema, type ServerConfig } from './config-schema.js';

/** The names looked for in the working directory, in this order. */
export const CONFIG_FILE_NAMES = [
  'espalier.config.ts',
  'espalier.config.mts',
  'espalier.config.js',
  'espalier.config.mjs',
  'espalier.config.json',
];

/** A configuration with where it came from. */
export interface LoadedConfig {
  readonly config: ServerConfig;
  /** `undefined` where there is no file and defaults hold. */
  readonly file: string | undefined;
}

/**
 * Reads the configuration file that is named, or the first that exists in `directory`, or gives the defaults.
 *
 * @throws {StartError} `ERR_SERVER_CONFIG_FILE`: it is missing, does not parse, or has no default export.
 * @throws {ConfigError} `ERR_CORE_CONFIG_INVALID`: it does not fit the schema.
 */
export async function loadConfig(options: {
  file?: string | undefined;
  directory: string;
}): Promise<LoadedConfig> {
  const file =
    options.file === undefined
      ? await findConfig(options.directory)
      : resolve(options.directory, options.file);
  if (file === undefined) return { config: configSchema.parse({}), file: undefined };
  const value = extname(file) === '.json' ? await readJson(file) : await importModule(file);
  const config = parseConfig(configSchema, value, { source: file });
  assertReferences(config, file);
  return { config, file };
}

async function findConfig(directory: string): Promise<string | undefined> {
  for (const name of CONFIG_FILE_NAMES) {
    const file = join(directory, name);
    if (await exists(file)) return file;
  }
  return undefined;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw configFileUnreadable(
      file,
      'it does not exist or may not be read. Correct the path given with --config.',
      error,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw configFileUnreadable(file, `it is not valid JSON: ${(error as Error).message}.`, error);
  }
}

async function importModule(file: string): Promise<unknown> {
  if (!(await exists(file))) {
    throw configFileUnreadable(file, 'it does not exist. Correct the path given with --config.');
  }
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (error) {
    if (ConfigError.isInstance(error)) throw error;
    throw configFileUnreadable(
      file,
      `it fails when it is run: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
  if (module.default === undefined) {
    throw configFileUnreadable(
      file,
      'it has no default export. Write "export default defineConfig({ … })".',
    );
  }
  return module.default;
}

/** Refuses doubled ids and names of models that the file itself can be seen not to have. */
function assertReferences(config: ServerConfig, source: string): void {
  const issues: { path: string; message: string; value: string }[] = [];
  const doubled = (
    entries: readonly string[],
    path: (index: number) => string,
    what: string,
  ): void => {
    entries.forEach((entry, index) => {
      if (entries.indexOf(entry) !== index) {
        issues.push({
          path: path(index),
          message: `${what} is used twice. Give each its own.`,
          value: JSON.stringify(entry),
        });
      }
    });
  };
  doubled(
    config.providers.map((provider) => provider.id),
    (index) => `providers[${index}].id`,
    'This id',
  );
  doubled(
    config.agents.map((agent) => agent.name),
    (index) => `agents[${index}].name`,
    'This name',
  );
  doubled(
    config.knowledgeBases.map((base) => base.name),
    (index) => `knowledgeBases[${index}].name`,
    'This name',
  );
  config.knowledgeBases.forEach(({ ranker }, index) => {
    if (ranker === undefined || Object.hasOwn(config.rankers, ranker)) return;
    issues.push({
      path: `knowledgeBases[${index}].ranker`,
      message: 'There is no ranker of this name under "rankers". Add its file there.',
      value: JSON.stringify(ranker),
    });
  });
  if (issues.length > 0) throw new ConfigError({ source, issues });
}
