import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a child process ended. */
export interface ChildEnding {
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs a program of this folder from its sources until it ends or is killed. */
export function runChild(program: string, args: readonly string[]): Promise<ChildEnding> {
  const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  const command = [
    '--conditions=@espalier/source',
    '--import',
    path('run-typescript.mjs'),
    path(program),
    ...args,
  ];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, (_, stdout, stderr) => {
      resolve({ signal: child.signalCode, output: stdout + stderr });
    });
  });
}
