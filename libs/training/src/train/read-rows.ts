import type { JsonObject } from '@espalier/core';
import type * as z from '@espalier/core/zod';
import { chatRow, conversationOf } from './chat-row.js';
import { parseRow, readLines, type FailRow, type ReadRowsOptions } from './read-lines.js';
import { supervisedRowSchema } from './row-schemas.js';
import { joinIds, joinText, textRow, tokenRow } from './row-tokenizer.js';
import type { TokenRow } from './token-rows.js';

/**
 * Reads supervised rows: `{messages}`, `{prompt, completion}` as text or messages, `{text}`, `{ids, loss_mask?}` or
 * `{prompt_ids, completion_ids}`.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readRows(options: ReadRowsOptions): Promise<TokenRow[]> {
  return readLines(
    options,
    (row) => [row],
    async (value, fail) => {
      const row = parseRow(
        supervisedRowSchema,
        value,
        fail,
        'messages, prompt and completion, text, or ids',
      );
      const { lossOn } = options;
      if ('ids' in row) return maskedRow(row.ids, row.loss_mask, fail);
      if ('messages' in row) {
        if (lossOn === 'completion')
          return fail(
            'the row has messages and no completion: set loss_on to assistant, or give prompt and completion',
          );
        return chatRow({
          tokenizer: await options.tokenizer(),
          chat: conversationOf(row.messages, row),
          scored: lossOn,
          fail,
        });
      }
      if ('prompt' in row && isConversation(row))
        return chatRow({
          tokenizer: await options.tokenizer(),
          chat: conversationOf([...row.prompt, ...row.completion], row),
          scored: lossOn === 'completion' ? { after: row.prompt.length } : lossOn,
          fail,
        });
      if (lossOn === 'assistant')
        return fail('loss_on is assistant, but the row is no conversation: give it messages');
      const isCompletion = lossOn === 'completion';
      if ('prompt_ids' in row) return joinIds(row.prompt_ids, row.completion_ids, isCompletion);
      const tokenizer = await options.tokenizer();
      if ('text' in row) return textRow(tokenizer, row.text);
      return joinText(tokenizer, row.prompt, row.completion, isCompletion);
    },
  );
}

type PromptRow = Extract<z.infer<typeof supervisedRowSchema>, { prompt: unknown }>;

function isConversation(row: PromptRow): row is Extract<PromptRow, { prompt: JsonObject[] }> {
  return typeof row.prompt !== 'string';
}

function maskedRow(
  ids: readonly number[],
  mask: readonly number[] | undefined,
  fail: FailRow,
): TokenRow {
  if (mask !== undefined && mask.length !== ids.length)
    fail(`loss_mask has ${mask.length} entries for ${ids.length} ids`);
  return tokenRow(ids, mask ?? ids.map(() => 1));
}
