import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of this folder that runs in a process of its own. */
export interface ChildProgram {
  /** Resolves when the program prints this line. */
  printed(line: string): Promise<void>;
  /** Ends it as `kill -9` does, and resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts `__fixtures__/<name>` from its sources. */
export function startChildProgram(name: string, args: readonly string[]): ChildProgram {
  const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(
    process.execPath,
    ['--conditions=@espalier/source', '--disable-warning=ExperimentalWarning', '--import', path('run-typescript.mjs'), path(name), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    waiting.get(line)?.();
  });
  const exited = once(child, 'exit');
  return {
    async printed(line) {
      if (lines.includes(line)) return;
      const seen = new Promise<void>((resolve) => {
        waiting.set(line, resolve);
      });
      const ended = exited.then(() => {
        throw new Error(`The program ended without printing "${line}": ${errors}`);
      });
      await Promise.race([seen, ended]);
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
