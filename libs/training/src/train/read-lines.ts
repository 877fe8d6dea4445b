import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type * as z from '@espalier/core/zod';
import { TrainingDataError } from '../errors.js';
import type { RowTokenizer } from './row-tokenizer.js';
import type { TokenRow } from './token-rows.js';

/** What rows are read with. */
export interface ReadRowsOptions {
  readonly file: string;
  readonly vocabularySize: number;
  readonly maxLength: number;
  readonly lossOn: 'all' | 'completion' | 'assistant';
  /** Loaded when the first row with text is met. */
  readonly tokenizer: () => Promise<RowTokenizer>;
  readonly abortSignal?: AbortSignal;
}

/** Ends the reading with the line that it is at. */
export type FailRow = (problem: string, cause?: unknown) => never;

/**
 * Reads JSONL, one row for each line that is not empty; `toRow` makes of a line what `partsOf` splits into token rows.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readLines<Row>(
  options: Pick<ReadRowsOptions, 'file' | 'vocabularySize' | 'maxLength' | 'abortSignal'>,
  partsOf: (row: Row) => readonly TokenRow[],
  toRow: (value: unknown, fail: FailRow) => Promise<Row>,
): Promise<Row[]> {
  const { file, abortSignal } = options;
  const rows: Row[] = [];
  let line = 0;
  const stream = createReadStream(file, 'utf8');
  const fail: FailRow = (problem, cause) => {
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
      const row = await toRow(value, fail);
      for (const part of partsOf(row)) checkRow(part, options, fail);
      rows.push(row);
    }
  } catch (cause) {
    if (TrainingDataError.isInstance(cause) || abortSignal?.aborted === true) throw cause;
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    if (line > 0) throw cause;
    throw new TrainingDataError({ file, problem: 'it is missing or unreadable', cause });
  } finally {
    stream.destroy();
  }
  if (rows.length === 0) throw new TrainingDataError({ file, problem: 'it has no rows' });
  return rows;
}

/** Checks the fields of a row. */
export function parseRow<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  fail: FailRow,
  expected: string,
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const keys =
    typeof value === 'object' && value !== null ? Object.keys(value).join(', ') : typeof value;
  return fail(`the row has ${keys || 'no fields'}, but must have ${expected} and nothing else`);
}

function checkRow(
  { ids, isScored }: TokenRow,
  { vocabularySize, maxLength }: Pick<ReadRowsOptions, 'vocabularySize' | 'maxLength'>,
  fail: FailRow,
): void {
  if (ids.length > maxLength)
    fail(`the row has ${ids.length} tokens, more than the limit of ${maxLength}`);
  if (ids.length < 2) fail('the row has fewer than two tokens');
  const wrong = ids.find((id) => id >= vocabularySize);
  if (wrong !== undefined)
    fail(`token id ${wrong} is outside the model's vocabulary of ${vocabularySize}`);
  if (!isScored.subarray(1).includes(1)) fail('no token of the row is scored');
}
