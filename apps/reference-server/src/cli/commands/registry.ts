import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  createModelRegistry,
  referenceOf,
  type ModelRegistry,
  type RegistryEntry,
  type RegistryStage,
} from '@espalier/mlops';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext } from '../cli-context.js';
import { renderTable } from '../output/table.js';
import { registryFolderOf } from '../registry-folder.js';

/** Options of every command of the registry. */
export interface RegistryOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const registryOf = (options: RegistryOptions, context: CliContext): ModelRegistry =>
  createModelRegistry({ folder: registryFolderOf(options, context) });

/** `espalier registry list`. */
export function listVersions(
  name: string | undefined,
  options: RegistryOptions,
  context: CliContext,
): Promise<number> {
  const registry = registryOf(options, context);
  const entries = registry.list(name);
  const aliasesOf = (entry: RegistryEntry): string[] =>
    Object.entries(registry.aliases(entry.name)).flatMap(([alias, version]) =>
      version === entry.version ? [alias] : [],
    );
  if (options.json === true) {
    const data = entries.map((entry) => ({ ...entry, aliases: aliasesOf(entry) }));
    context.out(`${JSON.stringify({ data })}\n`);
  } else if (entries.length === 0) context.out('The registry holds nothing yet.\n');
  else
    context.out(
      renderTable([
        ['version', 'kind', 'stage', 'aliases', 'base', 'made', 'size', 'id'],
        ...entries.map((entry) => [
          referenceOf(entry),
          entry.kind,
          entry.stage,
          aliasesOf(entry).join(' '),
          entry.base ?? '',
          entry.createdAt.slice(0, 10),
          sizeOf(entry),
          entry.id ?? '',
        ]),
      ]),
    );
  return Promise.resolve(EXIT.ok);
}

/** `espalier registry show`. */
export async function showVersion(
  reference: string,
  options: RegistryOptions & { readonly verify?: boolean },
  context: CliContext,
): Promise<number> {
  const registry = registryOf(options, context);
  const entry = registry.get(reference);
  if (options.verify === true) await registry.verify(reference);
  const folder = registry.folderOf(entry);
  if (options.json === true) {
    const history = registry.history(entry.name);
    context.out(`${JSON.stringify({ ...entry, folder, history })}\n`);
    return EXIT.ok;
  }
  const { lineage } = entry;
  const lines: [string, string][] = [
    ['version', referenceOf(entry)],
    ['kind', entry.kind],
    ['stage', entry.stage],
    ...(entry.id === undefined ? [] : [['id', entry.id] satisfies [string, string]]),
    ...(entry.base === undefined ? [] : [['base', entry.base] satisfies [string, string]]),
    ['made', entry.createdAt],
    ['digest', entry.digest],
    ['folder', folder],
    ['parent', lineage.parent ?? ''],
    ['code', lineage.codeVersion ?? ''],
    ...Object.entries(lineage.data).map(([name, hash]): [string, string] => [`data ${name}`, hash]),
    ...Object.entries(entry.metrics).map(([name, value]): [string, string] => [
      `metric ${name}`,
      String(value),
    ]),
    ...Object.entries(lineage.config).map(([name, value]): [string, string] => [
      `config ${name}`,
      JSON.stringify(value),
    ]),
    ...entry.files.map(({ path, bytes, sha256 }): [string, string] => [
      `file ${path}`,
      `${bytes} bytes, ${sha256}`,
    ]),
  ];
  context.out(renderTable(lines.filter(([, value]) => value !== '')));
  return EXIT.ok;
}

/** `espalier registry add`. */
export async function addVersion(
  folder: string,
  options: RegistryOptions & { readonly name: string; readonly base?: string },
  context: CliContext,
): Promise<number> {
  const at = resolve(context.directory, folder);
  const isAdapter = await access(join(at, 'adapter_config.json')).then(
    () => true,
    () => false,
  );
  const entry = await registryOf(options, context).register({
    name: options.name,
    kind: isAdapter ? 'adapter' : 'model',
    folder: at,
    ...(options.base !== undefined && { base: options.base }),
  });
  return told(entry, 'Registered', options, context);
}

/** `espalier registry promote`. */
export async function promoteVersion(
  reference: string,
  options: RegistryOptions & { readonly to: RegistryStage },
  context: CliContext,
): Promise<number> {
  const entry = await registryOf(options, context).promote(reference, options.to);
  return told(entry, `Now ${entry.stage}`, options, context);
}

/** `espalier registry alias`. */
export async function pointAlias(
  asked: { readonly name: string; readonly alias: string; readonly reference: string | undefined },
  options: RegistryOptions,
  context: CliContext,
): Promise<number> {
  const { name, alias, reference } = asked;
  const registry = registryOf(options, context);
  await registry.setAlias(name, alias, reference ?? null);
  if (reference !== undefined)
    return told(registry.get(`${name}@${alias}`), `${name}@${alias} is`, options, context);
  context.out(
    options.json === true
      ? `${JSON.stringify({ name, alias, version: null })}\n`
      : `Removed: ${name}@${alias}\n`,
  );
  return EXIT.ok;
}

/** `espalier registry diff`. */
export function diffVersions(
  from: string,
  to: string,
  options: RegistryOptions,
  context: CliContext,
): Promise<number> {
  const found = registryOf(options, context).compare(from, to);
  if (options.json === true) context.out(`${JSON.stringify(found)}\n`);
  else {
    const { files } = found;
    const changes = { ...found.config, ...prefixed('data ', found.data) };
    const rows = Object.entries({ ...changes, ...prefixed('metric ', found.metrics) }).map(
      ([name, change]) => [name, JSON.stringify(change.from), JSON.stringify(change.to)],
    );
    const base =
      found.base.from === found.base.to
        ? []
        : [['base', String(found.base.from), String(found.base.to)]];
    const moved = [
      ...files.added.map((path) => [`file ${path}`, '', 'added']),
      ...files.removed.map((path) => [`file ${path}`, 'removed', '']),
      ...files.changed.map((path) => [`file ${path}`, 'changed', 'changed']),
    ];
    context.out(renderTable([['what', found.from, found.to], ...base, ...rows, ...moved]));
  }
  return Promise.resolve(EXIT.ok);
}

/** `espalier registry rollback`. */
export async function rollBack(
  name: string,
  options: RegistryOptions & { readonly alias?: string },
  context: CliContext,
): Promise<number> {
  const label = options.alias ?? 'production';
  const entry = await registryOf(options, context).rollback(name, label);
  return told(entry, `${name}@${label} is again`, options, context);
}

/** `espalier registry gc`. */
export async function collectGarbage(
  options: RegistryOptions & { readonly dryRun?: boolean },
  context: CliContext,
): Promise<number> {
  const isDryRun = options.dryRun === true;
  const report = await registryOf(options, context).collectGarbage({ isDryRun });
  if (options.json === true) context.out(`${JSON.stringify(report)}\n`);
  else
    context.out(
      `${isDryRun ? 'Would remove' : 'Removed'} ${report.versions.length} versions${report.versions.length === 0 ? '' : ` (${report.versions.join(', ')})`}, ${report.objects} contents, ${(report.bytes / 2 ** 20).toFixed(1)} MiB.\n`,
    );
  return EXIT.ok;
}

function told(
  entry: RegistryEntry,
  what: string,
  options: RegistryOptions,
  context: CliContext,
): number {
  context.out(
    options.json === true ? `${JSON.stringify(entry)}\n` : `${what}: ${referenceOf(entry)}\n`,
  );
  return EXIT.ok;
}

const prefixed = <Value>(
  prefix: string,
  values: Readonly<Record<string, Value>>,
): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));

function sizeOf({ files }: RegistryEntry): string {
  const bytes = files.reduce((total, file) => total + file.bytes, 0);
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
