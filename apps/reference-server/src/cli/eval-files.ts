import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { truncateValue } from '@espalier/core';
import type { LineSource, ParsedRows, RowProblem } from '@espalier/rag/evaluation';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { CliError } from './cli-error.js';

const SHOWN_PROBLEMS = 20;

/** An evaluation cannot use what it was given. */
export function evalInputError(message: string, cause?: unknown): CliError {
  return new CliError({ code: 'ERR_CLI_EVAL_INPUT', message, exitCode: EXIT.usage, cause });
}

/** Reads one file line by line with a parser; a file that cannot be read is an error that names it. */
export async function readRows<T>(
  file: string,
  parse: (source: LineSource) => Promise<ParsedRows<T>>,
  context: CliContext,
): Promise<ParsedRows<T>> {
  try {
    return await parse({ file, lines: linesOf(resolve(context.directory, file), context) });
  } catch (cause) {
    context.abortSignal.throwIfAborted();
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw evalInputError(
      `The file ${truncateValue(file, 200)} cannot be read: ${problem}. Check the path.`,
      cause,
    );
  }
}

/** `node:readline` would wait for ever on a file that is not there. */
async function* linesOf(path: string, context: CliContext): AsyncGenerator<string> {
  const input = createReadStream(path, { encoding: 'utf8', signal: context.abortSignal });
  let pieces: string[] = [];
  for await (const chunk of input as AsyncIterable<string>) {
    const parts = chunk.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      yield [...pieces, part].join('');
      pieces = [];
    }
    pieces.push(last);
  }
  if (pieces.length > 0) yield pieces.join('');
}

/** Tells of malformed rows on standard error, or fails where they are not allowed. */
export function reportProblems(
  problems: readonly RowProblem[],
  options: { strict: boolean },
  context: CliContext,
): void {
  if (problems.length === 0) return;
  const shown = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ file, line, problem }) => `${file}:${line}: ${problem}`);
  if (problems.length > SHOWN_PROBLEMS)
    shown.push(`… and ${problems.length - SHOWN_PROBLEMS} more`);
  if (options.strict) {
    throw evalInputError(
      `Malformed rows: ${problems.length}. Correct them, or leave out --strict.\n${shown.join('\n')}`,
    );
  }
  context.err(`Malformed rows, left out: ${problems.length}\n${shown.join('\n')}\n`);
}

/** Throws unless the option is a whole number from 1. */
export function assertCount(option: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw evalInputError(`The option --${option} must be a whole number from 1.`);
}
