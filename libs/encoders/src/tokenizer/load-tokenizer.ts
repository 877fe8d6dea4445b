import * as z from '@espalier/core/zod';
import { ModelFileCorruptError, TokenizerUnsupportedError } from '../errors.js';
import { openModelFolder } from '../internal/model-folder.js';
import { createBertWordScanner } from './internal/bert-words.js';
import { createWordPieces } from './internal/word-pieces.js';
import type { Tokenizer } from './tokenizer.js';

const FILE = 'tokenizer.json';

const typedSchema = z.looseObject({ type: z.string() });

const tokenizerSchema = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id: z.int().min(0), content: z.string().min(1) }))
    .default([]),
  normalizer: typedSchema.nullable(),
  pre_tokenizer: typedSchema.nullable(),
  post_processor: typedSchema.nullable().optional(),
  model: typedSchema,
});

const normalizerSchema = z.looseObject({
  clean_text: z.boolean().default(true),
  handle_chinese_chars: z.boolean().default(true),
  strip_accents: z.boolean().nullable().default(null),
  lowercase: z.boolean().default(true),
});

const modelSchema = z.looseObject({
  vocab: z.record(z.string(), z.int().min(0)),
  unk_token: z.string(),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.int().min(1).default(100),
});

const templateSchema = z.looseObject({
  single: z.array(
    z.union([
      z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }) }),
      z.looseObject({ Sequence: z.looseObject({ id: z.string() }) }),
    ]),
  ),
  special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(z.int().min(0)) })),
});

/**
 * Loads the Hugging Face tokeniser (`tokenizer.json`) of a model folder; token for token equal to the `tokenizers`
 * library. BERT's WordPiece is supported.
 *
 * The truncation and padding that the file may set are left out: callers apply their own limits.
 *
 * @throws {ModelFileMissingError} `ERR_ENCODERS_MODEL_FILE_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`
 * @throws {TokenizerUnsupportedError} `ERR_ENCODERS_TOKENIZER_UNSUPPORTED`: another kind of tokeniser.
 */
export async function loadTokenizer(options: {
  folder: string;
  abortSignal?: AbortSignal;
}): Promise<Tokenizer> {
  const folder = await openModelFolder(options);
  const bytes = await folder.read(FILE);
  return parseTokenizer(folder.pathOf(FILE), bytes);
}

function parseTokenizer(file: string, bytes: Uint8Array): Tokenizer {
  const parse = <Output>(schema: z.ZodType<Output>, value: unknown): Output => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw new ModelFileCorruptError({
      file,
      problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected'}`,
      cause: result.error,
    });
  };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelFileCorruptError({ file, problem: 'it is not JSON', cause });
  }
  const tokenizer = parse(tokenizerSchema, json);
  assertType(file, 'a model of type', tokenizer.model.type, 'WordPiece');
  assertType(file, 'a normaliser of type', tokenizer.normalizer?.type, 'BertNormalizer');
  assertType(file, 'a pre-tokeniser of type', tokenizer.pre_tokenizer?.type, 'BertPreTokenizer');

  const normalizer = parse(normalizerSchema, tokenizer.normalizer);
  const model = parse(modelSchema, tokenizer.model);
  const vocabulary = new Map(Object.entries(model.vocab));
  const unknownId = vocabulary.get(model.unk_token);
  if (unknownId === undefined) {
    throw new ModelFileCorruptError({ file, problem: `its vocabulary lacks ${model.unk_token}` });
  }
  const added = new Map(tokenizer.added_tokens.map((token) => [token.content, token.id]));
  const tokens: string[] = [];
  for (const [token, id] of [...vocabulary, ...added]) tokens[id] = token;
  return createTokenizer({
    tokens,
    added,
    frame:
      tokenizer.post_processor?.type === 'TemplateProcessing'
        ? frameOf(parse(templateSchema, tokenizer.post_processor))
        : { before: [], after: [] },
    scanWords: createBertWordScanner({
      cleanText: normalizer.clean_text,
      separateIdeographs: normalizer.handle_chinese_chars,
      stripAccents: normalizer.strip_accents ?? normalizer.lowercase,
      lowercase: normalizer.lowercase,
    }),
    piecesOf: createWordPieces({
      vocabulary,
      unknownId,
      continuationPrefix: model.continuing_subword_prefix,
      maxCharactersPerWord: model.max_input_chars_per_word,
    }),
  });
}

function assertType(
  file: string,
  part: string,
  found: string | undefined,
  supported: string,
): void {
  if (found !== supported) throw new TokenizerUnsupportedError({ file, part, found, supported });
}

function frameOf(template: z.infer<typeof templateSchema>): Tokenizer['frame'] {
  const before: number[] = [];
  const after: number[] = [];
  let side = before;
  for (const item of template.single) {
    if ('SpecialToken' in item) {
      const { id } = item.SpecialToken as { id: string };
      side.push(...(template.special_tokens[id]?.ids ?? []));
    } else side = after;
  }
  return { before, after };
}

function createTokenizer(parts: {
  tokens: readonly string[];
  added: ReadonlyMap<string, number>;
  frame: Tokenizer['frame'];
  scanWords: ReturnType<typeof createBertWordScanner>;
  piecesOf: (word: string) => readonly number[];
}): Tokenizer {
  const splitter = splitterOf([...parts.added.keys()]);

  /** Calls back with the ids of each word or added token until it returns `false`. */
  const scan = (text: string, onPieces: (ids: readonly number[]) => boolean): void => {
    const onWord = (word: string): boolean => onPieces(parts.piecesOf(word));
    const segments = splitter?.test(text) === true ? text.split(splitter) : [text];
    for (const segment of segments) {
      const id = parts.added.get(segment);
      if (!(id === undefined ? parts.scanWords(segment, onWord) : onPieces([id]))) return;
    }
  };

  return {
    vocabularySize: parts.tokens.length,
    frame: parts.frame,
    encode(text, options) {
      const max = options?.maxTokens ?? Number.POSITIVE_INFINITY;
      const ids: number[] = [];
      if (max <= 0) return ids;
      scan(text, (pieces) => {
        for (const id of pieces) {
          if (ids.length >= max) return false;
          ids.push(id);
        }
        return ids.length < max;
      });
      return ids;
    },
    countTokens(text) {
      let count = 0;
      scan(text, (pieces) => {
        count += pieces.length;
        return true;
      });
      return count;
    },
    tokenOf: (id) => parts.tokens[id],
  };
}

/** Splits text at added tokens and keeps them; undefined where there are none. */
function splitterOf(contents: readonly string[]): RegExp | undefined {
  if (contents.length === 0) return undefined;
  const byLength = [...contents].sort((a, b) => b.length - a.length);
  return new RegExp(
    `(${byLength.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')).join('|')})`,
    'u',
  );
}
