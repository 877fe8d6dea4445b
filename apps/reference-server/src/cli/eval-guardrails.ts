import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { truncateValue } from '@espalier/core';
import type { GuardProfile } from '@espalier/guardrails';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { evalInputError } from './eval-files.js';
import {
  GUARD_TASKS,
  type GuardJudgement,
  type GuardRow,
  type GuardTask,
} from './eval-guardrails-tasks.js';
import { measureScores } from './guard-figures.js';
import { peersOf, renderGuardReport, type ReportedRow } from './guard-report.js';

/** What `espalier eval guardrails` takes. */
export interface EvalGuardrailsOptions {
  readonly task: string;
  readonly data: string;
  readonly out: string;
  readonly profile?: GuardProfile;
  readonly report?: string;
  /** How personal data is called: as Presidio does, or as the library itself. */
  readonly types?: 'presidio' | 'espalier';
  readonly json?: boolean;
}

/** Rows that are judged at a time, so that the threads of an encoder have work. */
const AT_A_TIME = 32;

/** Judges each row of a file by itself and writes what was found, in the order of the file. */
export async function evalGuardrails(
  options: EvalGuardrailsOptions,
  context: CliContext,
): Promise<number> {
  const [source, target] = [options.data, options.out].map((file) =>
    resolve(context.directory, file),
  );
  if (source === undefined || target === undefined || source === target) {
    throw evalInputError('--data and --out name the same file. Give another one for the findings.');
  }
  const open = GUARD_TASKS[options.task];
  if (open === undefined) {
    throw evalInputError(
      `There is no task ${truncateValue(options.task)}. Choose one of: ${Object.keys(GUARD_TASKS).join(', ')}.`,
    );
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
  let task: GuardTask | undefined;
  try {
    task = await open({
      profile: options.profile ?? 'balanced',
      types: options.types ?? 'presidio',
      warn: (message) => {
        context.err(`${message}\n`);
      },
    });
    return await judgeFile({ task, options, input, output }, context);
  } finally {
    input.destroy();
    await task?.dispose();
  }
}

async function judgeFile(
  run: {
    readonly task: GuardTask;
    readonly options: EvalGuardrailsOptions;
    readonly input: NodeJS.ReadableStream;
    readonly output: NodeJS.WritableStream;
  },
  context: CliContext,
): Promise<number> {
  const { task, options, input, output } = run;
  let [line, rows, entities, flagged, skipped] = [0, 0, 0, 0, 0];
  const labelled: ReportedRow[] = [];
  let waiting: GuardRow[] = [];
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    const judged = await Promise.all(
      batch.map(async (row) => task.judge(row, context.abortSignal)),
    );
    for (const [index, judgement] of judged.entries()) {
      const row = batch[index];
      rows += 1;
      entities += judgement.entities ?? 0;
      flagged += judgement.flagged === true ? 1 : 0;
      if (row !== undefined) addLabelled(labelled, row, judgement);
      if (!output.write(`${JSON.stringify(judgement.line)}\n`)) await once(output, 'drain');
    }
  };
  for await (const text of linesOf(input)) {
    line += 1;
    if (text.trim() === '') continue;
    const row = parseRow(text);
    if (typeof row === 'string') {
      skipped += 1;
      context.err(`${options.data}:${line}: ${row}; left out.\n`);
      continue;
    }
    waiting.push(row);
    if (waiting.length === AT_A_TIME) await flush();
  }
  await flush();
  context.abortSignal.throwIfAborted();
  output.end();
  await finished(output);
  const figures = labelled.length === 0 ? undefined : measureScores(labelled);
  if (options.report !== undefined && figures !== undefined) {
    const html = renderGuardReport({
      task: options.task,
      figures,
      facts: task.facts(),
      rows: labelled,
    });
    try {
      await writeFile(resolve(context.directory, options.report), html);
    } catch (cause) {
      throw unusable(options.report, 'written', cause, context);
    }
  }
  const isOfPlaces = options.task === 'pii' || options.task === 'secrets';
  const facts = {
    task: options.task,
    rows,
    ...(isOfPlaces ? { entities } : { flagged }),
    skipped,
    ...task.facts(),
    ...(figures === undefined
      ? {}
      : { figures, published: Object.fromEntries(peersOf(options.task)) }),
  };
  const found = isOfPlaces ? `${entities} findings` : `${flagged} flagged`;
  context.out(
    options.json === true
      ? `${JSON.stringify(facts)}\n`
      : [
          `${rows} rows, ${found}, ${skipped} left out.`,
          ...Object.entries({ ...task.facts(), ...figures }).map(
            ([name, value]) => `${name}: ${String(value)}`,
          ),
          ...(figures === undefined ? [] : peersOf(options.task)).map(
            ([name, value]) => `published, ${name}: ${value}`,
          ),
          '',
        ].join('\n'),
  );
  return skipped === 0 ? EXIT.ok : EXIT.partial;
}

/** The lines of a file; a text may hold U+2028, which `readline` takes for the end of a line. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  input.setEncoding('utf8');
  let rest: string[] = [];
  for await (const chunk of input as AsyncIterable<string>) {
    const [first = '', ...more] = chunk.split('\n');
    rest.push(first);
    for (const part of more) {
      yield rest.join('');
      rest = [part];
    }
  }
  yield rest.join('');
}

/** Rows with a label take part in the figures. */
function addLabelled(labelled: ReportedRow[], row: GuardRow, judgement: GuardJudgement): void {
  if (row.label === undefined || judgement.score === undefined) return;
  const categories = (judgement.line['categories'] ?? {}) as Record<string, { flagged: boolean }>;
  labelled.push({
    id: row.id,
    text: row.text,
    label: row.label,
    score: judgement.score,
    flagged: judgement.flagged === true,
    categories: Object.keys(categories).filter((name) => categories[name]?.flagged === true),
  });
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
function parseRow(line: string): GuardRow | string {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch {
    return 'not valid JSON';
  }
  if (typeof value !== 'object' || value === null) return 'not a JSON object';
  const { id, text, context, source, label } = value as Partial<Record<string, unknown>>;
  if (typeof id !== 'string' && typeof id !== 'number')
    return '"id" is neither a text nor a number';
  if (typeof text !== 'string') return '"text" is no text';
  if (context !== undefined && context !== null && typeof context !== 'string')
    return '"context" is no text';
  if (!isSource(source ?? undefined)) return '"source" is none of user, document, tool';
  return {
    id,
    text,
    ...(typeof context === 'string' ? { context } : {}),
    ...(typeof source === 'string' && isSource(source) && source !== undefined ? { source } : {}),
    ...(label === 0 || label === false ? { label: 0 as const } : {}),
    ...(label === 1 || label === true ? { label: 1 as const } : {}),
  };
}

function isSource(value: unknown): value is GuardRow['source'] {
  return value === undefined || value === 'user' || value === 'document' || value === 'tool';
}
