import type { JsonObject } from '@espalier/core';
import { chatRow, conversationOf } from './chat-row.js';
import { parseRow, readLines, type FailRow, type ReadRowsOptions } from './read-lines.js';
import { pairRowSchema, ratedRowSchema } from './row-schemas.js';
import { joinIds, joinText } from './row-tokenizer.js';
import type { PairRow, RatedRow, TokenRow } from './token-rows.js';

type ChatFields = Parameters<typeof conversationOf>[1];

/**
 * Reads rows of two answers: `{prompt, chosen, rejected}` as text or messages, or the same as ids.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readPairs(options: ReadRowsOptions): Promise<PairRow[]> {
  return readLines(
    options,
    ({ chosen, rejected }) => [chosen, rejected],
    async (value, fail) => {
      const row = parseRow(pairRowSchema, value, fail, 'prompt, chosen and rejected');
      const answer = answerReader(options, row, fail);
      return 'prompt_ids' in row
        ? { chosen: await answer(row.chosen_ids), rejected: await answer(row.rejected_ids) }
        : { chosen: await answer(row.chosen), rejected: await answer(row.rejected) };
    },
  );
}

/**
 * Reads rows of one answer with the verdict on it: `{prompt, completion, label}` as text or messages, or the same as ids.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readRated(options: ReadRowsOptions): Promise<RatedRow[]> {
  return readLines(
    options,
    ({ row }) => [row],
    async (value, fail) => {
      const parsed = parseRow(ratedRowSchema, value, fail, 'prompt, completion and label');
      const answer = answerReader(options, parsed, fail);
      const row = await answer('prompt_ids' in parsed ? parsed.completion_ids : parsed.completion);
      return { row, isWanted: parsed.label };
    },
  );
}

type Prompted =
  | { readonly prompt_ids: readonly number[] }
  | { readonly prompt: string }
  | ({ readonly prompt: readonly JsonObject[] } & ChatFields);

/** Joins the row's prompt to an answer of the same kind. */
function answerReader(
  options: ReadRowsOptions,
  row: Prompted,
  fail: FailRow,
): (answer: string | readonly number[] | readonly JsonObject[]) => Promise<TokenRow> {
  return async (answer) => {
    if ('prompt_ids' in row) return joinIds(row.prompt_ids, answer as readonly number[], true);
    const tokenizer = await options.tokenizer();
    if (typeof row.prompt === 'string')
      return joinText(tokenizer, row.prompt, answer as string, true);
    const messages = [...row.prompt, ...(answer as readonly JsonObject[])];
    return chatRow({
      tokenizer,
      chat: conversationOf(messages, row as ChatFields),
      scored: { after: row.prompt.length },
      fail,
    });
  };
}
