import { readFileSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryFileError } from '../registry-errors.js';
import { registryIndexSchema, type RegistryIndex } from '../registry-entry.js';

/** Reads and replaces the index of a registry. */
export interface RegistryIndexFile {
  /** The index as it now stands; read again only after it changed. */
  read(): RegistryIndex;
  /** Puts another in its place; readers see the one or the other. */
  replace(index: RegistryIndex): Promise<void>;
}

/** Opens the index in a folder; one that does not exist is empty. */
export function openRegistryIndex(root: string): RegistryIndexFile {
  const file = join(root, 'index.json');
  let seen: { key: string; index: RegistryIndex } | undefined;
  return {
    read() {
      const info = statSync(file, { throwIfNoEntry: false });
      if (info === undefined) return { format: 1, names: {} };
      // Every replacement is another file.
      const key = `${info.ino} ${info.mtimeMs} ${info.size}`;
      if (seen?.key === key) return seen.index;
      try {
        const index = registryIndexSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
        seen = { key, index };
        return index;
      } catch (cause) {
        throw new RegistryFileError({ file, problem: 'it is damaged', cause });
      }
    },
    async replace(index) {
      const draft = `${file}.draft`;
      try {
        const handle = await open(draft, 'w');
        try {
          await handle.writeFile(`${JSON.stringify(index, null, 1)}\n`);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(draft, file);
      } catch (cause) {
        throw new RegistryFileError({ file, problem: 'it cannot be written', cause });
      }
    },
  };
}
