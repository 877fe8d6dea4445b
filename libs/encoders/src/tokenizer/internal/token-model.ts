import * as z from '@espalier/core/zod';
import { createBpeModel } from './bpe-model.js';
import type { Component, ComponentReader } from './component.js';
import { createUnigramModel } from './unigram-model.js';
import { createWordPieces } from './word-pieces.js';

/** A vocabulary and the way in which a word becomes ids of it. */
export interface TokenModel {
  readonly vocabulary: ReadonlyMap<string, number>;
  idsOf(word: string): readonly number[];
}

const vocabularySchema = z.record(z.string(), z.int().min(0));
const mergeSchema = z.union([z.string(), z.tuple([z.string(), z.string()])]);
const bpeSchema = z.looseObject({
  vocab: vocabularySchema,
  merges: z.array(mergeSchema),
  unk_token: z.string().nullable().default(null),
  continuing_subword_prefix: z.string().nullable().default(null),
  end_of_word_suffix: z.string().nullable().default(null),
  fuse_unk: z.boolean().default(false),
  byte_fallback: z.boolean().default(false),
  ignore_merges: z.boolean().default(false),
});
const unigramSchema = z.looseObject({
  vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
  unk_id: z.int().min(0).nullable().default(null),
  byte_fallback: z.boolean().default(false),
});
const wordPieceSchema = z.looseObject({
  vocab: vocabularySchema,
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.int().min(1).default(100),
});
const wordLevelSchema = z.looseObject({
  vocab: vocabularySchema,
  unk_token: z.string().default('<unk>'),
});

/** Reads the `model` of a `tokenizer.json`; a file without a type is told by what it holds. */
export function readTokenModel(component: Component, reader: ComponentReader): TokenModel {
  switch (component.type) {
    case 'BPE':
      return readBpe(component, reader);
    case 'Unigram': {
      const model = reader.parse(unigramSchema, component, 'model');
      const pieces = model.vocab;
      return {
        vocabulary: new Map(pieces.map(([token], id) => [token, id])),
        idsOf: createUnigramModel({
          pieces,
          unknownId: model.unk_id ?? undefined,
          hasByteFallback: model.byte_fallback,
        }),
      };
    }
    case 'WordPiece': {
      const model = reader.parse(wordPieceSchema, component, 'model');
      const vocabulary = new Map(Object.entries(model.vocab));
      return {
        vocabulary,
        idsOf: createWordPieces({
          vocabulary,
          unknownId: unknownOf(vocabulary, model.unk_token, reader),
          continuationPrefix: model.continuing_subword_prefix,
          maxCharactersPerWord: model.max_input_chars_per_word,
        }),
      };
    }
    case 'WordLevel': {
      const model = reader.parse(wordLevelSchema, component, 'model');
      const vocabulary = new Map(Object.entries(model.vocab));
      const unknownId = unknownOf(vocabulary, model.unk_token, reader);
      return { vocabulary, idsOf: (word) => [vocabulary.get(word) ?? unknownId] };
    }
    default:
      throw reader.unsupported('a model', component.type, 'BPE, Unigram, WordLevel or WordPiece');
  }
}

function readBpe(component: Component, reader: ComponentReader): TokenModel {
  const model = reader.parse(bpeSchema, component, 'model');
  const vocabulary = new Map(Object.entries(model.vocab));
  const merges = model.merges.map((merge, index): [string, string] => {
    if (typeof merge !== 'string') return merge;
    const [left, right, ...rest] = merge.split(' ');
    if (left === undefined || right === undefined || rest.length > 0)
      throw reader.corrupt(`model.merges.${index}: not two tokens with a space between them`);
    return [left, right];
  });
  try {
    return {
      vocabulary,
      idsOf: createBpeModel({
        vocabulary,
        merges,
        unknownToken: model.unk_token ?? undefined,
        continuingPrefix: model.continuing_subword_prefix ?? '',
        endOfWordSuffix: model.end_of_word_suffix ?? '',
        fusesUnknown: model.fuse_unk,
        hasByteFallback: model.byte_fallback,
        ignoresMerges: model.ignore_merges,
      }),
    };
  } catch (cause) {
    throw reader.corrupt(`model: ${(cause as Error).message}`, cause);
  }
}

function unknownOf(
  vocabulary: ReadonlyMap<string, number>,
  token: string,
  reader: ComponentReader,
): number {
  const id = vocabulary.get(token);
  if (id === undefined) throw reader.corrupt(`its vocabulary lacks ${token}`);
  return id;
}
