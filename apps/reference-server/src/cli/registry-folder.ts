import { resolve } from 'node:path';
import { dataFolderAt } from '../composition/open-data-folder.js';
import type { CliContext } from './cli-context.js';

/** The registry of a data folder: `--data`, else `ESPALIER_DATA`, else `.espalier` here, as a server chooses it. */
export function registryFolderOf(
  options: { readonly data?: string },
  { environment, directory }: CliContext,
): string {
  const named = environment['ESPALIER_DATA'];
  const root = options.data ?? (named === '' ? undefined : named) ?? '.espalier';
  return dataFolderAt(resolve(directory, root)).registry;
}
