import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from '@espalier/core/zod';
import { loadTokenizer, type Tokenizer } from '@espalier/encoders';
import { ModelFileError } from '../errors.js';

/** A part of a tokeniser's pipeline. */
export type Part = z.infer<typeof partSchema>;
const partSchema = z.looseObject({ type: z.string() });

const mergeSchema = z.union([z.string(), z.tuple([z.string(), z.string()])]);

const tokenizerSchema = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id: z.int(), content: z.string(), special: z.boolean().default(false) }))
    .default([]),
  normalizer: partSchema.nullable().default(null),
  pre_tokenizer: partSchema.nullable().default(null),
  decoder: partSchema.nullable().default(null),
  model: z.looseObject({
    type: z.string().optional(),
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.tuple([z.string(), z.number()]))]),
    merges: z.array(mergeSchema).optional(),
    unk_token: z.string().nullish(),
    unk_id: z.int().nullish(),
    byte_fallback: z.boolean().optional(),
  }),
});

/** `tokenizer.json`, as far as it is written into other files. */
export type TokenizerJson = z.infer<typeof tokenizerSchema>;

const SPECIALS = ['bos', 'eos', 'unk', 'pad'] as const;
type Special = (typeof SPECIALS)[number];

/** The tokeniser of a model folder. */
export interface TokenizerFiles {
  /** The path of `tokenizer.json`. */
  readonly file: string;
  /** Undefined where the folder has none. */
  readonly json: TokenizerJson | undefined;
  /** What it puts around a text. */
  readonly frame: Tokenizer['frame'];
  readonly specialTokens: Readonly<Partial<Record<Special, string>>>;
  /** Ids that `config.json` and `generation_config.json` give. */
  readonly configuredIds: Readonly<Partial<Record<Special, readonly number[]>>>;
  /** By name; the one without a name is `default`. */
  readonly chatTemplates: ReadonlyMap<string, string>;
}

const tokenSchema = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const settingsSchema = z.looseObject({
  bos_token: tokenSchema,
  eos_token: tokenSchema,
  unk_token: tokenSchema,
  pad_token: tokenSchema,
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
});
const idsSchema = z.union([z.int(), z.array(z.int())]).nullish();
const configSchema = z.looseObject({
  bos_token_id: idsSchema,
  eos_token_id: idsSchema,
  unk_token_id: idsSchema,
  pad_token_id: idsSchema,
});

/** A merge as one text with a space between its parts. */
export function mergeText(merge: z.infer<typeof mergeSchema>): string {
  return typeof merge === 'string' ? merge : merge.join(' ');
}

/**
 * Reads the tokeniser's files of a model folder; each may be missing.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: one of them is damaged.
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const read = async <Output>(name: string, schema: z.ZodType<Output>) => {
    const file = join(folder, name);
    const bytes = await readIfThere(file);
    if (bytes === undefined) return undefined;
    try {
      return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    } catch (cause) {
      throw new ModelFileError({ file, problem: 'it is not what its name says', cause });
    }
  };
  const tokenizer = await read('tokenizer.json', tokenizerSchema);
  const settings = (await read('tokenizer_config.json', settingsSchema)) ?? {};
  const config = (await read('config.json', configSchema)) ?? {};
  const generation = (await read('generation_config.json', configSchema)) ?? {};
  const ids = (name: Special): number[] =>
    [generation, config].flatMap((from) => from[`${name}_token_id`] ?? []);
  const tokenOf = (name: Special): string | undefined => {
    const token = settings[`${name}_token`];
    return typeof token === 'string' ? token : token?.content;
  };
  const byName = <Value>(of: (name: Special) => Value | undefined) =>
    Object.fromEntries(
      SPECIALS.flatMap((name) => {
        const value = of(name);
        return value === undefined ? [] : [[name, value] as const];
      }),
    ) as Partial<Record<Special, Value>>;
  return {
    file: join(folder, 'tokenizer.json'),
    json: tokenizer,
    frame:
      tokenizer === undefined ? { before: [], after: [] } : (await loadTokenizer({ folder })).frame,
    specialTokens: byName(tokenOf),
    configuredIds: byName((name) => {
      const found = ids(name);
      return found.length === 0 ? undefined : found;
    }),
    chatTemplates: await chatTemplates(folder, settings.chat_template ?? undefined),
  };
}

async function chatTemplates(
  folder: string,
  configured: string | readonly { name: string; template: string }[] | undefined,
): Promise<Map<string, string>> {
  const own = await readIfThere(join(folder, 'chat_template.jinja'));
  if (own !== undefined) return new Map([['default', new TextDecoder().decode(own)]]);
  if (typeof configured === 'string') return new Map([['default', configured]]);
  return new Map((configured ?? []).map(({ name, template }) => [name, template]));
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ModelFileError({ file, problem: 'it is unreadable', cause });
  }
}
