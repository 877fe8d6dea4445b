import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { JsonObject } from '@espalier/core';
import type { ModelRegistry } from './create-model-registry.js';
import { referenceOf } from './internal/find-entry.js';
import { hashFile } from './internal/registry-objects.js';
import type { RegistryEntry } from './registry-entry.js';

/**
 * Registers what a training run wrote, with the hashes of its data, its settings and its metrics.
 *
 * The base of an adapter is registered too, under the name of its folder unless another is given; a model that came
 * from the registry is the parent of what was trained from it.
 */
export async function registerTrainedModel(options: {
  readonly registry: ModelRegistry;
  readonly name: string;
  /** What the run wrote; with an `adapter_config.json` in it, an adapter. */
  readonly folder: string;
  /** The model that it began from; absent where it began from random weights. */
  readonly modelFolder?: string;
  /** The adapter that it went on with. */
  readonly adapterFolder?: string;
  readonly dataFiles: readonly string[];
  readonly config: JsonObject;
  readonly id?: string;
  readonly baseName?: string;
  readonly codeVersion?: string;
  readonly metrics?: Readonly<Record<string, number>>;
}): Promise<RegistryEntry> {
  const { registry, folder } = options;
  const isAdapter = await access(join(folder, 'adapter_config.json')).then(
    () => true,
    () => false,
  );
  const source = options.modelFolder === undefined ? undefined : resolve(options.modelFolder);
  const registered = (path: string | undefined): RegistryEntry | undefined =>
    path === undefined
      ? undefined
      : registry.list().find((entry) => registry.folderOf(entry) === resolve(path));
  const known = registered(source);
  const parent = registered(options.adapterFolder) ?? known;
  const base =
    isAdapter && source !== undefined
      ? (known ??
        (await registry.register({
          name: options.baseName ?? nameOf(source),
          kind: 'model',
          folder: source,
        })))
      : undefined;
  const data: Record<string, string> = {};
  for (const file of options.dataFiles) {
    const name = basename(file);
    data[name in data ? join(basename(dirname(file)), name) : name] = await hashFile(file);
  }
  return registry.register({
    name: options.name,
    kind: isAdapter ? 'adapter' : 'model',
    folder,
    ...(options.id !== undefined && { id: options.id }),
    ...(base && { base: referenceOf(base) }),
    lineage: {
      data,
      config: options.config,
      ...(options.codeVersion !== undefined && { codeVersion: options.codeVersion }),
      ...(parent && { parent: referenceOf(parent) }),
    },
    ...(options.metrics && { metrics: options.metrics }),
  });
}

/** The name of a folder as one of a model. */
function nameOf(folder: string): string {
  const name = basename(folder).replace(/[^A-Za-z0-9._:-]/gu, '-');
  return /^[A-Za-z0-9]/u.test(name) ? name.slice(0, 128) : `m${name.slice(0, 127)}`;
}
