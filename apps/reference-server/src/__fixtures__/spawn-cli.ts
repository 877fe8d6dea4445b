import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const hooks = new URL('./source-hooks.mjs', import.meta.url).href;
const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));

/** A command line in a process of its own. */
export interface SpawnedCli {
  readonly child: ChildProcess;
  /** Exit code and signal. */
  readonly exited: Promise<[number | null, string | null]>;
  /** Of its standard output. */
  readonly lines: AsyncIterator<string>;
  /** What it has written to its standard error. */
  err(): string;
}

/** Runs `espalier` from the sources in a folder, with nothing of this process's environment but the path. */
export function spawnCli(args: readonly string[], folder: string): SpawnedCli {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--conditions=@espalier/source',
      '--import',
      hooks,
      cli,
      ...args,
    ],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], XDG_STATE_HOME: join(folder, 'state') },
    },
  );
  let err = '';
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  return {
    child,
    exited: once(child, 'exit') as Promise<[number | null, string | null]>,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    err: () => err,
  };
}
