import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RegistryFileError } from '../registry-errors.js';

/** A file that was put into the registry. */
export interface StoredFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** SHA-256 of a file, hexadecimal. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new RegistryFileError({ file, problem: 'it cannot be read', cause });
  }
  return hash.digest('hex');
}

/** Where the content with a hash stands. */
export const objectFile = (root: string, sha256: string): string =>
  join(root, 'objects', sha256.slice(0, 2), sha256);

/** What training leaves beside a model; no part of it. */
const LEFT_OUT = ['checkpoints', 'runs'];

/**
 * Copies the files of a folder and of those below it, each content once; what the folder holds may change afterwards.
 *
 * Links to files are followed, as a model hub's cache has them. The folders `checkpoints` and `runs` in it are left out.
 *
 * A copy shares its blocks with the original where the file system can.
 */
export async function storeFolder(root: string, folder: string): Promise<StoredFile[]> {
  let names: string[];
  try {
    names = await filesBelow(folder, LEFT_OUT);
  } catch (cause) {
    throw new RegistryFileError({ file: folder, problem: 'it is no folder to read', cause });
  }
  if (names.length === 0)
    throw new RegistryFileError({ file: folder, problem: 'it holds no file' });
  const files: StoredFile[] = [];
  for (const name of names.sort()) files.push(await storeFile(root, folder, name));
  return files;
}

async function filesBelow(folder: string, leftOut: readonly string[] = []): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    const path = join(folder, name);
    if (entry.isDirectory()) {
      if (!leftOut.includes(name))
        found.push(...(await filesBelow(path)).map((below) => `${name}/${below}`));
    } else if ((await stat(path)).isFile()) found.push(name);
  }
  return found;
}

async function storeFile(root: string, folder: string, path: string): Promise<StoredFile> {
  const source = join(folder, path);
  const draft = join(root, 'drafts', randomUUID());
  try {
    await mkdir(dirname(draft), { recursive: true });
    await copyFile(source, draft, constants.COPYFILE_FICLONE);
    await chmod(draft, 0o444);
    const sha256 = await hashFile(draft);
    const target = objectFile(root, sha256);
    await mkdir(dirname(target), { recursive: true });
    const { size } = await stat(draft);
    await rename(draft, target);
    return { path, sha256, bytes: size };
  } catch (cause) {
    await rm(draft, { force: true });
    if (RegistryFileError.isInstance(cause)) throw cause;
    throw new RegistryFileError({ file: source, problem: 'it cannot be copied', cause });
  }
}

/** Makes a folder of the files of a version, links to their content; it appears whole or not at all. */
export async function linkVersion(
  root: string,
  folder: string,
  files: readonly StoredFile[],
): Promise<void> {
  const draft = join(root, 'drafts', `${process.pid}-version`);
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    for (const { path, sha256 } of files) {
      const source = objectFile(root, sha256);
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await link(source, join(draft, path)).catch(() => copyFile(source, join(draft, path)));
    }
    await mkdir(dirname(folder), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } catch (cause) {
    throw new RegistryFileError({ file: folder, problem: 'it cannot be written', cause });
  }
}

/** The hashes of all stored contents. */
export async function storedHashes(root: string): Promise<string[]> {
  const parent = join(root, 'objects');
  const prefixes = await readdir(parent).catch((): string[] => []);
  const found = await Promise.all(prefixes.map((prefix) => readdir(join(parent, prefix))));
  return found.flat();
}
