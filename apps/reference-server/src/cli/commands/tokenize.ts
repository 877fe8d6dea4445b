import { resolve } from 'node:path';
import type { JsonObject } from '@espalier/core';
import { loadTokenizer, type Tokenizer } from '@espalier/encoders';
import { z } from 'zod';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext } from '../cli-context.js';
import { readJsonLines, rowError } from '../read-json-lines.js';

/** Options of `espalier tokenize`. */
export interface TokenizeOptions {
  readonly model?: string;
  readonly text?: string;
  readonly file?: string;
  readonly json?: boolean;
}

const rowSchema = z.union([
  z.strictObject({
    text: z.string(),
    text_pair: z.string().nullish(),
    add_special_tokens: z.boolean().default(true),
  }),
  z.strictObject({
    ids: z.array(z.int().min(0)),
    skip_special_tokens: z.boolean().default(false),
  }),
]);

/** Prints the ids of texts, or the texts of ids, one answer for each row. */
export async function tokenize(options: TokenizeOptions, context: CliContext): Promise<number> {
  if ((options.text === undefined) === (options.file === undefined))
    throw rowError('Give either --text or --file.');
  if (options.model === undefined) throw rowError('Give --model: a folder with a tokenizer.json.');
  const { abortSignal } = context;
  const tokenizer = await loadTokenizer({
    folder: resolve(context.directory, options.model),
    abortSignal,
  });
  if (options.text !== undefined) {
    const answer = answerOf({ text: options.text }, tokenizer, '--text');
    context.out(
      options.json === true
        ? `${JSON.stringify(answer)}\n`
        : `${(answer as { ids: number[] }).ids
            .map((id) => `${String(id).padStart(8)}  ${tokenizer.tokenOf(id) ?? ''}`)
            .join('\n')}\n`,
    );
    return EXIT.ok;
  }
  const file = options.file ?? '';
  for await (const { line, row } of readJsonLines(file, context))
    context.out(`${JSON.stringify(answerOf(row, tokenizer, `${file}, line ${line}`))}\n`);
  return EXIT.ok;
}

function answerOf(row: JsonObject, tokenizer: Tokenizer, place: string): JsonObject {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success)
    throw rowError(
      `${place}: it is neither {"text", "text_pair"?, "add_special_tokens"?} nor {"ids", "skip_special_tokens"?}. Correct the line.`,
      parsed.error,
    );
  if ('ids' in parsed.data) {
    const { ids, skip_special_tokens: skips } = parsed.data;
    const unknown = ids.find((id) => tokenizer.tokenOf(id) === undefined);
    if (unknown !== undefined)
      throw rowError(`${place}: the tokeniser has no token of id ${unknown}. Correct the line.`);
    return { text: tokenizer.decode(ids, { skipsSpecialTokens: skips }) };
  }
  const { text, text_pair: textPair, add_special_tokens: adds } = parsed.data;
  const { ids, typeIds } = tokenizer.encodeInputs({
    text,
    ...(typeof textPair === 'string' ? { textPair } : {}),
    addsSpecialTokens: adds,
  });
  return { ids: [...ids], type_ids: [...typeIds] };
}
