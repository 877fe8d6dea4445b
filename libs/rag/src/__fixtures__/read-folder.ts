import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of all files under a folder, one after another. */
export function readFolder(folder: string): Buffer {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}
