import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { truncateValue } from '@espalier/core';
import {
  createPiiScanner,
  createPiiTagger,
  createSecretScanner,
  presidioEntityOf,
  type PiiScanner,
} from '@espalier/guardrails';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { evalInputError } from './eval-files.js';

/** What `espalier eval guardrails` takes. */
export interface EvalGuardrailsOptions {
  readonly task: 'pii' | 'secrets';
  readonly data: string;
  readonly out: string;
  /** How personal data is called: as Presidio does, or as the library itself. */
  readonly types?: 'presidio' | 'espalier';
  readonly json?: boolean;
}

interface Row {
  readonly id: string | number;
  readonly text: string;
}

/** Finds personal data or secrets in each row of a file and writes where they are. */
export async function evalGuardrails(
  options: EvalGuardrailsOptions,
  context: CliContext,
): Promise<number> {
  const scanner = options.task === 'pii' ? await createFullPiiScanner() : createSecretScanner();
  const nameOf =
    options.task === 'pii' && options.types !== 'espalier'
      ? presidioEntityOf
      : (type: string): string => type;
  const [source, target] = [options.data, options.out].map((file) =>
    resolve(context.directory, file),
  );
  if (source === undefined || target === undefined || source === target) {
    throw evalInputError('--data and --out name the same file. Give another one for the findings.');
  }
  const input = createReadStream(source, { signal: context.abortSignal });
  try {
    await once(input, 'open');
  } catch (cause) {
    throw unusable(options.data, 'read', cause, context);
  }
  const output = createWriteStream(target);
  try {
    await once(output, 'open');
  } catch (cause) {
    input.destroy();
    throw unusable(options.out, 'written', cause, context);
  }
  let [line, rows, entities, skipped] = [0, 0, 0, 0];
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    const row = parseRow(text);
    if (typeof row === 'string') {
      skipped += 1;
      context.err(`${options.data}:${line}: ${row}; left out.\n`);
      continue;
    }
    const found = scanner
      .find(row.text)
      .map(({ type, start, end, score }) => ({ type: nameOf(type), start, end, score }));
    rows += 1;
    entities += found.length;
    if (!output.write(`${JSON.stringify({ id: row.id, entities: found })}\n`))
      await once(output, 'drain');
  }
  context.abortSignal.throwIfAborted();
  output.end();
  await finished(output);
  const facts = { task: options.task, rows, entities, skipped };
  context.out(
    options.json === true
      ? `${JSON.stringify(facts)}\n`
      : `${rows} rows, ${entities} findings, ${skipped} left out.\n`,
  );
  return skipped === 0 ? EXIT.ok : EXIT.partial;
}

/** All kinds of personal data, with the tagger for what has no form. */
async function createFullPiiScanner(): Promise<PiiScanner> {
  const { weightsFile } = await import('@espalier/model-pii-tagger');
  return createPiiScanner({ tagger: createPiiTagger(await readFile(weightsFile)) });
}

function unusable(file: string, verb: string, cause: unknown, context: CliContext): unknown {
  if (context.abortSignal.aborted) return cause;
  const problem = cause instanceof Error ? cause.message : String(cause);
  return evalInputError(
    `The file ${truncateValue(file, 200)} cannot be ${verb}: ${problem}. Check the path.`,
    cause,
  );
}

/** The row of a line, or what is wrong with it. */
function parseRow(line: string): Row | string {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch {
    return 'not valid JSON';
  }
  if (typeof value !== 'object' || value === null) return 'not a JSON object';
  const { id, text } = value as Partial<Record<string, unknown>>;
  if (typeof id !== 'string' && typeof id !== 'number')
    return '"id" is neither a text nor a number';
  if (typeof text !== 'string') return '"text" is no text';
  return { id, text };
}
