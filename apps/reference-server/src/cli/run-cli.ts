import type { CliContext } from './cli-context.js';
import { createProgram } from './create-program.js';

/** Runs one command line in this process and resolves to its exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  // Further signals change nothing unless the command says otherwise: what runs is finished once.
  const onSignal = (): void => {
    stop.abort(new DOMException('Stopped by a signal.', 'AbortError'));
  };
  const stopListening = (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // A reader that goes away, as in "espalier search … | head -1", is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE')
      stop.abort(new DOMException('Nobody reads the output.', 'AbortError'));
  });
  const context: CliContext = {
    environment: process.env,
    directory: process.cwd(),
    isTerminal: process.stdout.isTTY && process.stderr.isTTY,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    abortSignal: stop.signal,
    endAtNextSignal: stopListening,
  };
  const code = await runProgram(args, context);
  stopListening();
  return code;
}

/** Runs one command line in a context. */
export async function runProgram(args: readonly string[], context: CliContext): Promise<number> {
  const program = createProgram(context);
  return program.run(args);
}
