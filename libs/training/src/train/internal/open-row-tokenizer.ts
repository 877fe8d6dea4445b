import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTokenizer } from '@espalier/encoders';
import { loadChatTemplate } from '@espalier/encoders/chat-template';
import { TrainingDataError } from '../../errors.js';
import type { RowTokenizer } from '../row-tokenizer.js';

/** Loads the tokenizer of a model folder for rows of text. */
export async function openRowTokenizer(
  folder: string | undefined,
  data: string,
): Promise<RowTokenizer> {
  if (folder === undefined)
    throw new TrainingDataError({
      file: data,
      problem: 'it holds text, but the job begins a model without a tokenizer',
    });
  const tokenizer = await loadTokenizer({ folder });
  let template: ReturnType<typeof loadChatTemplate> | undefined;
  return {
    encode: (text, { addsSpecialTokens }) => [
      ...tokenizer.encodeInputs({ text, addsSpecialTokens }).ids,
    ],
    decode: (ids) => tokenizer.decode(ids),
    endId: await endId(folder, (token) => tokenizer.idOf(token)),
    chatTemplate: () => (template ??= loadChatTemplate({ folder })),
  };
}

/** The id of the token that ends a text: `eos_token` of the tokenizer, else `eos_token_id` of the model. */
async function endId(
  folder: string,
  idOf: (token: string) => number | undefined,
): Promise<number | undefined> {
  const read = async (name: string): Promise<Record<string, unknown>> => {
    try {
      return JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown>;
    } catch {
      return {};
    }
  };
  const token = (await read('tokenizer_config.json')).eos_token as
    string | { content?: string } | undefined | null;
  const text = typeof token === 'string' ? token : token?.content;
  const byName = text === undefined ? undefined : idOf(text);
  if (byName !== undefined) return byName;
  const ids = [(await read('config.json')).eos_token_id].flat();
  return typeof ids[0] === 'number' ? ids[0] : undefined;
}
