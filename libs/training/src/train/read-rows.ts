import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from '@espalier/core/zod';
import { TrainingDataError } from '../errors.js';
import type { PairRow, TokenRow } from './token-rows.js';

/** Turns text into ids. */
export interface RowTokenizer {
  encode(text: string, options: { addsSpecialTokens: boolean }): number[];
  /** The id that ends a completion; undefined where the model has none. */
  readonly endId: number | undefined;
}

/** What rows are read with. */
export interface ReadRowsOptions {
  readonly file: string;
  readonly vocabularySize: number;
  readonly maxLength: number;
  readonly lossOn: 'all' | 'completion';
  /** Loaded when the first row with text is met. */
  readonly tokenizer: () => Promise<RowTokenizer>;
  readonly abortSignal?: AbortSignal;
}

const idsSchema = z.array(z.int().min(0)).min(1);
const sftSchema = z.union([
  z.strictObject({ ids: idsSchema, loss_mask: z.array(z.int().min(0).max(1)).optional() }),
  z.strictObject({ prompt: z.string(), completion: z.string() }),
  z.strictObject({ prompt_ids: idsSchema, completion_ids: idsSchema }),
  z.strictObject({ text: z.string().min(1) }),
]);
const pairSchema = z.union([
  z.strictObject({ prompt: z.string(), chosen: z.string(), rejected: z.string() }),
  z.strictObject({ prompt_ids: idsSchema, chosen_ids: idsSchema, rejected_ids: idsSchema }),
]);

/**
 * Reads supervised rows: `{ids, loss_mask?}`, `{text}`, `{prompt, completion}` or `{prompt_ids, completion_ids}`.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readRows(options: ReadRowsOptions): Promise<TokenRow[]> {
  return readLines(options, async (value, line) => {
    const row = parseRow(
      sftSchema,
      value,
      options.file,
      line,
      'ids, text, or prompt and completion',
    );
    const isCompletion = options.lossOn !== 'all';
    if ('ids' in row) {
      const mask = row.loss_mask;
      if (mask !== undefined && mask.length !== row.ids.length)
        throw new TrainingDataError({
          file: options.file,
          line,
          problem: `loss_mask has ${mask.length} entries for ${row.ids.length} ids`,
        });
      return tokenRow(row.ids, mask ?? row.ids.map(() => 1));
    }
    if ('prompt_ids' in row) return joined(row.prompt_ids, row.completion_ids, isCompletion);
    const tokenizer = await options.tokenizer();
    if ('text' in row) {
      const ids = [...tokenizer.encode(row.text, { addsSpecialTokens: true }), ...end(tokenizer)];
      return tokenRow(
        ids,
        ids.map(() => 1),
      );
    }
    return joinedText(tokenizer, row.prompt, row.completion, isCompletion);
  });
}

/**
 * Reads preference rows: `{prompt, chosen, rejected}` or the same as ids.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readPairs(options: ReadRowsOptions): Promise<PairRow[]> {
  return readLines(options, async (value, line) => {
    const row = parseRow(pairSchema, value, options.file, line, 'prompt, chosen and rejected');
    if ('prompt_ids' in row) {
      const prompt = row.prompt_ids;
      return {
        chosen: joined(prompt, row.chosen_ids, true),
        rejected: joined(prompt, row.rejected_ids, true),
      };
    }
    const tokenizer = await options.tokenizer();
    return {
      chosen: joinedText(tokenizer, row.prompt, row.chosen, true),
      rejected: joinedText(tokenizer, row.prompt, row.rejected, true),
    };
  });
}

async function readLines<Row extends TokenRow | PairRow>(
  options: ReadRowsOptions,
  toRow: (value: unknown, line: number) => Promise<Row>,
): Promise<Row[]> {
  const { file, abortSignal } = options;
  const rows: Row[] = [];
  let line = 0;
  const stream = createReadStream(file, 'utf8');
  const fail = (problem: string, cause?: unknown): never => {
    throw new TrainingDataError({ file, line, problem, cause });
  };
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      line++;
      abortSignal?.throwIfAborted();
      if (text.trim() === '') continue;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (cause) {
        fail('it is no JSON', cause);
      }
      const row = await toRow(value, line);
      for (const part of partsOf(row)) checkRow(part, options, fail);
      rows.push(row);
    }
  } catch (cause) {
    if (TrainingDataError.isInstance(cause) || abortSignal?.aborted === true) throw cause;
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new TrainingDataError({ file, problem: 'it is missing or unreadable', cause });
  } finally {
    stream.destroy();
  }
  if (rows.length === 0) throw new TrainingDataError({ file, problem: 'it has no rows' });
  return rows;
}

function partsOf(row: TokenRow | PairRow): TokenRow[] {
  return 'chosen' in row ? [row.chosen, row.rejected] : [row];
}

function parseRow<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  file: string,
  line: number,
  expected: string,
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const keys =
    typeof value === 'object' && value !== null ? Object.keys(value).join(', ') : typeof value;
  throw new TrainingDataError({
    file,
    line,
    problem: `the row has ${keys || 'no fields'}, but must have ${expected} and nothing else`,
  });
}

function checkRow(
  { ids, isScored }: TokenRow,
  { vocabularySize, maxLength }: ReadRowsOptions,
  fail: (problem: string) => never,
): void {
  if (ids.length > maxLength)
    fail(`the row has ${ids.length} tokens, more than the limit of ${maxLength}`);
  if (ids.length < 2) fail('the row has fewer than two tokens');
  const wrong = ids.find((id) => id >= vocabularySize);
  if (wrong !== undefined)
    fail(`token id ${wrong} is outside the model's vocabulary of ${vocabularySize}`);
  if (!isScored.subarray(1).includes(1)) fail('no token of the row is scored');
}

const end = ({ endId }: RowTokenizer): number[] => (endId === undefined ? [] : [endId]);

function tokenRow(ids: readonly number[], scored: readonly number[]): TokenRow {
  return { ids: Int32Array.from(ids), isScored: Uint8Array.from(scored).fill(0, 0, 1) };
}

function joined(prompt: readonly number[], completion: readonly number[], isCompletion: boolean) {
  return tokenRow(
    [...prompt, ...completion],
    [...prompt.map(() => (isCompletion ? 0 : 1)), ...completion.map(() => 1)],
  );
}

/** Cut as one text, so that tokens are what the model meets; the prompt's own length says where it ends. */
function joinedText(
  tokenizer: RowTokenizer,
  prompt: string,
  completion: string,
  isCompletion: boolean,
): TokenRow {
  const head = tokenizer.encode(prompt, { addsSpecialTokens: true });
  const whole = tokenizer.encode(`${prompt}${completion}`, { addsSpecialTokens: true });
  const ids = [...whole, ...end(tokenizer)];
  return tokenRow(
    ids,
    ids.map((_, i) => (isCompletion && i < head.length ? 0 : 1)),
  );
}
