import { constants } from 'node:fs';
import { access, chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dataFolderUnwritable } from '../errors/start-errors.js';

/** The places inside a data folder. */
export interface DataFolder {
  readonly root: string;
  readonly databaseFile: string;
  readonly knowledge: string;
  readonly uploads: string;
  /** Where snapshots of knowledge bases are written to and restored from. */
  readonly snapshots: string;
  /** The model registry. */
  readonly registry: string;
  /** Outputs of training jobs. */
  readonly training: string;
  /** Files that callers of the OpenAI wire uploaded. */
  readonly files: string;
  /** Where a running server says how it is reached. */
  readonly serverFile: string;
  readonly logFile: string;
  /** The key of what guardrails remember of paused runs, where the configuration names none. */
  readonly memoryKeyFile: string;
}

/** The places inside the folder at `root`. */
export function dataFolderAt(root: string): DataFolder {
  return {
    root,
    databaseFile: join(root, 'espalier.db'),
    knowledge: join(root, 'knowledge'),
    uploads: join(root, 'uploads'),
    snapshots: join(root, 'snapshots'),
    registry: join(root, 'registry'),
    training: join(root, 'training'),
    files: join(root, 'files'),
    serverFile: join(root, 'server.json'),
    logFile: join(root, 'logs', 'server.log'),
    memoryKeyFile: join(root, 'memory.key'),
  };
}

/**
 * Makes the folder where it does not exist, for this user only.
 *
 * @throws {StartError} `ERR_SERVER_DATA_FOLDER`
 */
export async function openDataFolder(root: string): Promise<DataFolder> {
  const folder = dataFolderAt(root);
  try {
    if (await makeFolder(root)) await chmod(root, 0o700);
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
    await mkdir(folder.uploads, { recursive: true });
    await mkdir(dirname(folder.logFile), { recursive: true });
    await mkdir(folder.knowledge, { recursive: true });
  } catch (error) {
    throw dataFolderUnwritable(root, problemOf(error), error);
  }
  return folder;
}

/**
 * Makes the folder and those above it that are missing; resolves to whether it was missing.
 *
 * `mkdir` with `recursive` never ends where a parent exists and yet nothing can be made in it, as below /proc.
 */
async function makeFolder(path: string): Promise<boolean> {
  const make = async (): Promise<void> => {
    await mkdir(path, { mode: 0o700 });
  };
  try {
    await make();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return false;
    if (code !== 'ENOENT' || dirname(path) === path || !(await makeFolder(dirname(path))))
      throw error;
    await make();
    return true;
  }
}

function problemOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there';
    case 'EROFS':
      return 'the disk is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    case 'ENOENT':
      return 'nothing can be made there';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file stands in its place';
    default:
      return (error as Error).message;
  }
}
