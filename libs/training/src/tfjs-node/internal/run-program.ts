import { spawn } from 'node:child_process';

/** How a program ended. */
export interface ProgramRun {
  readonly exitCode: number;
  readonly output: string;
}

const MAX_OUTPUT = 64_000;

/** Runs a program to its end and returns the last of what it wrote; exit code -1 when it does not start. */
export async function runProgram(options: {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly abortSignal?: AbortSignal | undefined;
}): Promise<ProgramRun> {
  options.abortSignal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(options.program, options.args, {
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.abortSignal === undefined ? {} : { signal: options.abortSignal }),
    });
    const take = (data: Buffer): void => {
      output = (output + data.toString('utf8')).slice(-MAX_OUTPUT);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      if (options.abortSignal?.aborted === true) reject(error);
      else resolve({ exitCode: -1, output: error.message });
    });
    child.on('close', (code) => {
      resolve({ exitCode: code ?? -1, output: output.trim() });
    });
  });
}
