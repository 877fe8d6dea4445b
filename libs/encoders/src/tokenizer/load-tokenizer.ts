import * as z from '@espalier/core/zod';
import { openModelFolder } from '../internal/model-folder.js';
import { addedTokenSchema, type AddedToken } from './internal/added-tokens.js';
import { createBertScan, isPlainBert } from './internal/bert-scan.js';
import {
  createComponentReader,
  type Component,
  type ComponentReader,
} from './internal/component.js';
import { readNormalizer } from './internal/normalizer.js';
import { createPipelineScan } from './internal/pipeline-scan.js';
import { readPostProcessor } from './internal/post-processor.js';
import { readPreTokenizer } from './internal/pre-tokenizer.js';
import type { Scan } from './internal/scan.js';
import { readTokenDecoder } from './internal/token-decoder.js';
import { readTokenModel, type TokenModel } from './internal/token-model.js';
import { shareRoom } from './internal/share-room.js';
import type { Tokenizer } from './tokenizer.js';

const FILE = 'tokenizer.json';

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema).default([]),
  normalizer: z.looseObject({ type: z.string() }).nullable().default(null),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullable().default(null),
  post_processor: z.looseObject({ type: z.string() }).nullable().default(null),
  decoder: z.looseObject({ type: z.string() }).nullable().default(null),
  model: z.looseObject({ type: z.string().optional() }),
});

/**
 * Loads the Hugging Face tokeniser (`tokenizer.json`) of a model folder; token for token equal to the `tokenizers`
 * library. BPE (also on bytes), Unigram, WordLevel and WordPiece models with the parts that published models use.
 *
 * The truncation, padding and dropout that the file may set are left out: callers apply their own limits.
 *
 * @throws {ModelFileMissingError} `ERR_ENCODERS_MODEL_FILE_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`
 * @throws {TokenizerUnsupportedError} `ERR_ENCODERS_TOKENIZER_UNSUPPORTED`: a part of a kind that is not implemented.
 */
export async function loadTokenizer(options: {
  folder: string;
  abortSignal?: AbortSignal;
}): Promise<Tokenizer> {
  const folder = await openModelFolder(options);
  return parseTokenizer(folder.pathOf(FILE), await folder.read(FILE));
}

/** Reads a `tokenizer.json` from its bytes; `file` is what errors name. */
export function parseTokenizer(file: string, bytes: Uint8Array): Tokenizer {
  const reader = createComponentReader(file);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw reader.corrupt('it is not JSON', cause);
  }
  const description = reader.parse(tokenizerSchema, json, '');
  const model = readTokenModel(withType(description.model), reader);
  const added = description.added_tokens;
  return createTokenizer({
    model,
    added,
    scan: scanOf(description, model, reader),
    decode: readTokenDecoder(description.decoder, reader),
    frame: readPostProcessor(description.post_processor, reader),
  });
}

/** Files of old versions do not name the type of their model. */
function withType(model: z.infer<typeof tokenizerSchema>['model']): Component {
  if (model.type !== undefined) return model as Component;
  if ('merges' in model) return { ...model, type: 'BPE' };
  if (Array.isArray(model['vocab'])) return { ...model, type: 'Unigram' };
  return { ...model, type: 'continuing_subword_prefix' in model ? 'WordPiece' : 'WordLevel' };
}

function scanOf(
  description: z.infer<typeof tokenizerSchema>,
  model: TokenModel,
  reader: ComponentReader,
): Scan {
  const { added_tokens: added, normalizer, pre_tokenizer: preTokenizer } = description;
  if (isPlainBert({ normalizer, preTokenizer, added }))
    return createBertScan({ normalizer: normalizer as Component, added, model, reader });
  return createPipelineScan({
    added,
    normalize: readNormalizer(normalizer, reader),
    preTokenize: readPreTokenizer(preTokenizer, reader),
    idsOf: (word) => model.idsOf(word),
  });
}

function createTokenizer(parts: {
  model: TokenModel;
  added: readonly AddedToken[];
  scan: Scan;
  decode: ReturnType<typeof readTokenDecoder>;
  frame: ReturnType<typeof readPostProcessor>;
}): Tokenizer {
  const { scan, frame } = parts;
  const idsByToken = new Map(parts.model.vocabulary);
  for (const { content, id } of parts.added) idsByToken.set(content, id);
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of parts.model.vocabulary) tokens[id] = token;
  for (const { content, id } of parts.added) tokens[id] = content;
  const specials = new Set(parts.added.filter(({ special }) => special).map(({ id }) => id));

  const encode = (text: string, maxTokens: number): number[] => {
    const ids: number[] = [];
    if (maxTokens <= 0) return ids;
    scan(text, (pieces) => {
      for (const id of pieces) {
        if (ids.length >= maxTokens) return false;
        ids.push(id);
      }
      return ids.length < maxTokens;
    });
    return ids;
  };

  return {
    vocabularySize: tokens.length,
    frame: frameAround(frame),
    encode: (text, options) => encode(text, options?.maxTokens ?? Number.POSITIVE_INFINITY),
    encodeInputs({ text, textPair, addsSpecialTokens = true, maxTokens }) {
      const texts = textPair === undefined ? [text] : [text, textPair];
      if (maxTokens === undefined) {
        const sequences = texts.map((each) => encode(each, Number.POSITIVE_INFINITY));
        return frame(sequences, addsSpecialTokens);
      }
      const empty = texts.map(() => []);
      const room = Math.max(0, maxTokens - frame(empty, addsSpecialTokens).ids.length);
      const sequences = texts.map((each) => encode(each, room));
      return frame(shareRoom(sequences, room), addsSpecialTokens);
    },
    countTokens(text) {
      let count = 0;
      scan(text, (pieces) => {
        count += pieces.length;
        return true;
      });
      return count;
    },
    decode(ids, options) {
      const skips = options?.skipsSpecialTokens === true;
      return parts.decode(
        ids.flatMap((id) => {
          const token = tokens[id];
          return token === undefined || (skips && specials.has(id)) ? [] : [token];
        }),
      );
    },
    tokenOf: (id) => tokens[id],
    idOf: (token) => idsByToken.get(token),
  };
}

/** What a post-processor puts around one text. */
function frameAround(frame: ReturnType<typeof readPostProcessor>): Tokenizer['frame'] {
  const mark = -1;
  const { ids } = frame([[mark]], true);
  const at = ids.indexOf(mark);
  return { before: ids.slice(0, Math.max(0, at)), after: ids.slice(at + 1) };
}
