import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { isAbortError, truncateValue, type JsonObject, type JsonValue } from '@espalier/core';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { CliError } from './cli-error.js';

/** What a command was given cannot be used. */
export function rowError(problem: string, cause?: unknown): CliError {
  return new CliError({ code: 'ERR_CLI_INPUT', message: problem, exitCode: EXIT.usage, cause });
}

/**
 * Reads a file of one JSON object a line, blank lines left out.
 *
 * @throws {CliError} `ERR_CLI_INPUT` — the file cannot be read, or a line is no JSON object; it names the line.
 */
export async function* readJsonLines(
  file: string,
  context: CliContext,
  parse: (text: string) => JsonValue = (text) => JSON.parse(text) as JsonValue,
): AsyncGenerator<{ readonly line: number; readonly row: JsonObject }> {
  let line = 0;
  for await (const text of linesOf(file, context)) {
    line += 1;
    if (text.trim() === '') continue;
    let row: JsonValue;
    try {
      row = parse(text);
    } catch (cause) {
      throw rowError(`${file}, line ${line}: it is not JSON. Correct the line.`, cause);
    }
    if (row === null || typeof row !== 'object' || Array.isArray(row))
      throw rowError(`${file}, line ${line}: it is not a JSON object. Correct the line.`);
    yield { line, row };
  }
}

async function* linesOf(file: string, context: CliContext): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    const input = createReadStream(resolve(context.directory, file), {
      signal: context.abortSignal,
    });
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
    }
    rest += decoder.decode();
  } catch (cause) {
    if (isAbortError(cause)) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw rowError(
      `The file ${truncateValue(file, 200)} cannot be read: ${problem}. Check the path, and that it is UTF-8.`,
      cause,
    );
  }
  if (rest !== '') yield rest;
}
