import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VaultStore } from './vault-store.js';

/**
 * Makes a store of one file for each vault in a folder, readable by its owner only.
 *
 * A file is named by a hash of the conversation's name, and written whole before it takes its place.
 */
export function createFileVaultStore(folder: string): VaultStore {
  const fileOf = (name: string): string =>
    join(folder, `${createHash('sha256').update(name).digest('hex')}.vault`);
  return {
    async load(name, options) {
      try {
        return new Uint8Array(await readFile(fileOf(name), { signal: options?.abortSignal }));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async save(name, sealed, options) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = fileOf(name);
      const part = `${file}.${randomUUID()}.part`;
      try {
        await writeFile(part, sealed, { mode: 0o600, signal: options?.abortSignal });
        await rename(part, file);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    delete: (name) => rm(fileOf(name), { force: true }),
  };
}
