import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';

const serverFileSchema = z.object({
  url: z.string(),
  pid: z.int(),
  /** Valid for the life of that process. */
  key: z.string(),
});

/** How a running server is reached from the same machine. */
export type ServerFile = z.infer<typeof serverFileSchema>;

/** Writes the file so that only this user may read it. */
export async function writeServerFile(path: string, content: ServerFile): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  await writeFile(temporary, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(temporary, path);
}

/** Reads the file of a server whose process is alive; `undefined` where there is none. */
export async function readServerFile(path: string): Promise<ServerFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const parsed = serverFileSchema.safeParse(JSON.parse(text));
    return parsed.success && isAlive(parsed.data.pid) ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the file if it is this process's own. */
export async function removeServerFile(path: string): Promise<void> {
  try {
    const { pid } = serverFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    if (pid === process.pid) await rm(path, { force: true });
  } catch {
    // Somebody else's file, or none.
  }
}

/** Where a user's last started data folder is noted, for commands that are run from another folder. */
export function pointerFile(environment: Readonly<Record<string, string | undefined>>): string {
  const state = environment['XDG_STATE_HOME'];
  return join(
    state !== undefined && state !== '' ? resolve(state) : join(homedir(), '.local', 'state'),
    'espalier',
    'data-folder',
  );
}

/** Notes the data folder; a home that cannot be written is no fault. */
export async function writePointer(path: string, dataFolder: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, dataFolder, { mode: 0o600 });
  } catch {
    // Commands then need --data or the same folder.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
