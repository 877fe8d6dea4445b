import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { RegistryFileError } from '../registry-errors.js';

const PAUSE_MS = 25;
const PATIENCE_MS = 60_000;
/** Tells this process from an earlier one with the same number, as a container's first process has. */
const INSTANCE = randomUUID();

/**
 * Does work that no other process does to the same folder meanwhile.
 *
 * The lock of a process that died is taken over.
 */
export async function withRegistryLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await acquire(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<void> {
  // A lock appears with its holder's number in it.
  const own = `${file}.${randomUUID()}`;
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      await writeFile(own, `${process.pid} ${INSTANCE}`);
      await link(own, file);
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new RegistryFileError({ file, problem: 'it cannot be written', cause });
      if (waitedMs >= PATIENCE_MS)
        throw new RegistryFileError({ file, problem: 'another process holds the lock', cause });
    } finally {
      await rm(own, { force: true });
    }
    if (await isAbandoned(file)) await rm(file, { force: true });
    else await wait(PAUSE_MS);
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const [number, instance] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
  const pid = Number(number);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return instance !== INSTANCE;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
