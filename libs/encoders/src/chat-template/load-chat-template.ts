import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonValue } from '@espalier/core';
import * as z from '@espalier/core/zod';
import {
  ChatTemplateMissingError,
  ModelFileCorruptError,
  ModelFileMissingError,
} from '../errors.js';
import type { ChatTemplate, RenderChatOptions } from './chat-template.js';
import { createChatTemplate } from './create-chat-template.js';

const CONFIG_FILE = 'tokenizer_config.json';
const TEMPLATE_FILE = 'chat_template.jinja';
const SPECIAL_TOKENS = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
];

const tokenSchema = z.union([z.string(), z.looseObject({ content: z.string() })]);
const configSchema = z.looseObject({
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullable()
    .optional(),
});

/**
 * Loads the chat template of a model folder: `chat_template.jinja`, or else what `tokenizer_config.json` holds.
 *
 * Where that holds several, `tool_use` serves conversations with tools and `default` the others.
 *
 * @throws {ChatTemplateMissingError} `ERR_ENCODERS_CHAT_TEMPLATE_MISSING` — the folder has none.
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`
 * @throws {ChatTemplateError} `ERR_ENCODERS_CHAT_TEMPLATE` — it cannot be parsed.
 */
export async function loadChatTemplate(options: {
  folder: string;
  abortSignal?: AbortSignal;
}): Promise<ChatTemplate> {
  const { folder, abortSignal } = options;
  const file = join(folder, CONFIG_FILE);
  const config = parseConfig(file, await readText(file, abortSignal));
  const ownFile = await readText(join(folder, TEMPLATE_FILE), abortSignal);
  const specialTokens = specialTokensOf(config);
  const template = ownFile ?? config.chat_template ?? undefined;
  if (template === undefined) throw new ChatTemplateMissingError({ folder });
  if (typeof template === 'string') return createChatTemplate({ source: template, specialTokens });

  const byName = new Map(
    template.map(({ name, template: source }) => [
      name,
      createChatTemplate({ source: source, specialTokens }),
    ]),
  );
  const fallback = byName.get('default') ?? [...byName.values()][0];
  if (fallback === undefined) throw new ChatTemplateMissingError({ folder });
  return {
    source: fallback.source,
    render(chat: RenderChatOptions) {
      const forTools = chat.tools === undefined ? undefined : byName.get('tool_use');
      return (forTools ?? fallback).render(chat);
    },
  };
}

function parseConfig(file: string, text: string | undefined): z.infer<typeof configSchema> {
  if (text === undefined) return {};
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ModelFileCorruptError({
      file,
      problem: 'it is not a tokeniser configuration',
      cause,
    });
  }
}

function specialTokensOf(config: z.infer<typeof configSchema>): Record<string, JsonValue> {
  const tokens: Record<string, JsonValue> = {};
  for (const name of SPECIAL_TOKENS) {
    const token = tokenSchema.safeParse(config[name]);
    if (token.success)
      tokens[name] = typeof token.data === 'string' ? token.data : token.data.content;
  }
  return tokens;
}

async function readText(
  file: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    return await readFile(file, { encoding: 'utf8', ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ModelFileMissingError({ file, cause });
  }
}
