import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  convertModel,
  createModelRunner,
  loadModel,
  TokenInputError,
  type ConvertQuant,
  type ConvertTarget,
  type ModelRunner,
  type Pooling,
  type TokenRow,
} from '@espalier/training';
import { EXIT } from '../errors/exit-codes.js';
import type { BackendName } from './backend-names.js';
import type { CliContext } from './cli-context.js';
import { CliError } from './cli-error.js';
import { openTensorBackend } from './training-backend.js';

/** Options of the commands that run a model. */
export interface ModelRunOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly ids?: readonly number[];
  readonly file?: string;
  readonly pooling?: Pooling;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** Options of `espalier model generate`. */
export interface ModelGenerateOptions extends ModelRunOptions {
  readonly ids: readonly number[];
  readonly maxTokens: number;
  readonly stopIds?: readonly number[];
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
}

/** Options of `espalier model convert`. */
export interface ModelConvertOptions {
  readonly from: string;
  readonly adapter?: string;
  readonly to: ConvertTarget;
  readonly quant?: ConvertQuant;
  readonly out: string;
  readonly json?: boolean;
}

/** `espalier model logits`: one JSON document, or one for each row of a file. */
export async function modelLogits(options: ModelRunOptions, context: CliContext): Promise<number> {
  return forRows(options, context, async (runner, row) => {
    const logits = await runner.logits(row);
    return { logits: logits.map((scores) => Array.from(scores)) };
  });
}

/** `espalier model embed`: one vector for each row of a file. */
export async function modelEmbed(options: ModelRunOptions, context: CliContext): Promise<number> {
  return forRows(options, context, async (runner, row) => ({
    embedding: Array.from(await runner.embed(row, options.pooling ?? 'mean')),
  }));
}

/** `espalier model generate`: the ids given and those added. */
export async function modelGenerate(
  options: ModelGenerateOptions,
  context: CliContext,
): Promise<number> {
  if (!Number.isInteger(options.maxTokens) || options.maxTokens < 0)
    throw usage(`--max-tokens is ${options.maxTokens}, but must be a whole number from 0.`);
  const wrong = Object.entries(options).find(([, value]) => Number.isNaN(value));
  if (wrong !== undefined) throw usage(`The option ${wrong[0]} must be a number.`);
  return forRows(options, context, async (runner, { ids }) => ({
    ids: await runner.generate({
      ids,
      maxTokens: options.maxTokens,
      abortSignal: context.abortSignal,
      sampling: options,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.stopIds === undefined ? {} : { stopIds: options.stopIds }),
    }),
  }));
}

/** `espalier model convert`. */
export async function modelConvert(
  options: ModelConvertOptions,
  context: CliContext,
): Promise<number> {
  const at = (path: string): string => resolve(context.directory, path);
  const out = at(options.out);
  const { warnings } = await convertModel({
    from: at(options.from),
    to: options.to,
    out,
    abortSignal: context.abortSignal,
    ...(options.adapter === undefined ? {} : { adapter: at(options.adapter) }),
    ...(options.quant === undefined ? {} : { quant: options.quant }),
  });
  for (const warning of warnings) context.err(`espalier: ${warning}\n`);
  const written = { out, ...(warnings.length > 0 && { warnings }) };
  context.out(options.json === true ? `${JSON.stringify(written)}\n` : `Written: ${out}\n`);
  return EXIT.ok;
}

async function forRows(
  options: ModelRunOptions,
  context: CliContext,
  answer: (runner: ModelRunner, row: TokenRow) => Promise<object>,
): Promise<number> {
  if ((options.ids === undefined) === (options.file === undefined))
    throw usage('Give either --ids or --file.');
  const at = (path: string): string => resolve(context.directory, path);
  const backend = await openTensorBackend(options.backend, context);
  const model = await loadModel({
    folder: at(options.model),
    backend,
    abortSignal: context.abortSignal,
    ...(options.adapter === undefined ? {} : { adapterFolder: at(options.adapter) }),
  });
  const runner = createModelRunner(model);
  const print = async (row: TokenRow): Promise<void> => {
    context.out(`${JSON.stringify(await answer(runner, row))}\n`);
  };
  try {
    if (options.ids !== undefined) await print({ ids: options.ids });
    else if (options.file !== undefined) await eachRow(at(options.file), context, print);
    return EXIT.ok;
  } finally {
    await runner.dispose();
    await model.dispose();
    await backend.dispose();
  }
}

async function eachRow(
  file: string,
  context: CliContext,
  visit: (row: TokenRow) => Promise<void>,
): Promise<void> {
  let line = 0;
  const stream = createReadStream(file, 'utf8');
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      line++;
      context.abortSignal.throwIfAborted();
      if (text.trim() === '') continue;
      const place = `${file}, line ${line}`;
      const row = parseRow(text, place);
      try {
        await visit(row);
      } catch (error) {
        if (!TokenInputError.isInstance(error)) throw error;
        throw new TokenInputError({ place, problem: error.message });
      }
    }
  } catch (cause) {
    if (!(cause instanceof Error) || (cause as NodeJS.ErrnoException).code !== 'ENOENT')
      throw cause;
    throw usage(`The file ${file} does not exist.`);
  } finally {
    stream.destroy();
  }
}

function parseRow(text: string, place: string): TokenRow {
  const isNumbers = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((entry) => typeof entry === 'number');
  let value: { ids?: unknown; type_ids?: unknown } | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    throw new TokenInputError({ place, problem: 'it is no JSON' });
  }
  const { ids, type_ids: typeIds } = value ?? {};
  if (!isNumbers(ids) || !(typeIds === undefined || isNumbers(typeIds)))
    throw new TokenInputError({ place, problem: 'it must have ids, and may have type_ids' });
  return { ids, ...(typeIds === undefined ? {} : { typeIds }) };
}

function usage(message: string): CliError {
  return new CliError({ code: 'ERR_CLI_MODEL_INPUT', message, exitCode: EXIT.usage });
}
