import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runProgram } from '../cli/run-cli.js';

/** Command lines of the tests of one file, run in this process in a folder of their own. */
export interface CommandLine {
  /** The directory that commands run in; removed after the last test. */
  readonly folder: string;
  /** What the last command wrote to its standard output. */
  readonly out: string;
  /** What the last command wrote to its standard error. */
  readonly err: string;
  /** Runs a command line and resolves to its exit code. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<number>;
}

/** Makes the folder and the command line; call it once in a test file, outside its tests. */
export function createCommandLine(): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-cli-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  let out = '';
  let err = '';
  return {
    folder,
    get out() {
      return out;
    },
    get err() {
      return err;
    },
    run(args, environment = {}) {
      out = '';
      err = '';
      return runProgram(args, {
        environment,
        directory: folder,
        isTerminal: false,
        out: (text) => (out += text),
        err: (text) => (err += text),
        abortSignal: new AbortController().signal,
        endAtNextSignal: () => undefined,
      });
    },
  };
}
