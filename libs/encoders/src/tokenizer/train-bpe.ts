import { InvalidArgumentError } from '@espalier/core';
import { byteCharacters } from './internal/byte-level.js';
import { createComponentReader, type Component } from './internal/component.js';
import { learnMerges } from './internal/learn-merges.js';
import { readPreTokenizer } from './internal/pre-tokenizer.js';

/** Options of {@link trainBpe}. */
export interface TrainBpeOptions {
  /** Texts to learn from, e.g. lines with their ends; words never reach across them. */
  readonly texts: Iterable<string> | AsyncIterable<string>;
  /** How many tokens there are to be, with the special ones and the characters. */
  readonly vocabularySize: number;
  /**
   * `byte-level`: words as GPT-2 splits them, on their bytes: every text can be written. `plain`: runs of letters and digits,
   * and of what is neither, on their characters. Default `byte-level`.
   */
  readonly kind?: 'byte-level' | 'plain';
  /** Pairs that stand less often are not merged. Default 0. */
  readonly minFrequency?: number;
  /** Tokens that come first and are never part of a text. */
  readonly specialTokens?: readonly string[];
  /** One of the special tokens, for characters that the texts do not have. For `plain`; default: they are left out. */
  readonly unknownToken?: string;
  readonly abortSignal?: AbortSignal;
}

/** `tokenizer.json` as the `tokenizers` library writes it. */
export interface TrainedTokenizer {
  readonly vocabularySize: number;
  /** Pairs of tokens in the order in which they are merged. */
  readonly merges: readonly (readonly [string, string])[];
  /** The text of `tokenizer.json`. */
  readonly json: string;
}

const BYTE_LEVEL = {
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: true,
};

/**
 * Trains byte-pair encoding: the same tokens and merges as the `BpeTrainer` of the `tokenizers` library, in the same order.
 *
 * Holds each distinct word once.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: a size below the special tokens and characters, or an unknown
 *   token that is no special one.
 */
export async function trainBpe(options: TrainBpeOptions): Promise<TrainedTokenizer> {
  const { kind = 'byte-level', specialTokens = [], unknownToken, abortSignal } = options;
  if (unknownToken !== undefined && !specialTokens.includes(unknownToken))
    throw new InvalidArgumentError({
      argument: 'unknownToken',
      value: unknownToken,
      expected: 'one of specialTokens',
    });
  const preTokenizer: Component = kind === 'byte-level' ? BYTE_LEVEL : { type: 'Whitespace' };
  const split = readPreTokenizer(preTokenizer, createComponentReader('tokenizer.json'));
  const words = new Map<string, number>();
  for await (const text of options.texts) {
    abortSignal?.throwIfAborted();
    for (const { text: word } of split({ text: text.toWellFormed(), isFirst: true }))
      words.set(word, (words.get(word) ?? 0) + 1);
  }
  const alphabet = new Set(kind === 'byte-level' ? byteCharacters() : []);
  for (const word of words.keys()) for (const character of word) alphabet.add(character);
  const vocabulary = [
    ...new Set([
      ...specialTokens,
      ...[...alphabet].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)),
    ]),
  ];
  if (!Number.isInteger(options.vocabularySize) || options.vocabularySize < vocabulary.length)
    throw new InvalidArgumentError({
      argument: 'vocabularySize',
      value: options.vocabularySize,
      expected: `a whole number from ${vocabulary.length}, the special tokens and characters`,
    });
  const merges = learnMerges({
    words,
    vocabulary,
    vocabularySize: options.vocabularySize,
    minFrequency: options.minFrequency ?? 0,
    ...(abortSignal && { abortSignal }),
  });
  const isByteLevel = kind === 'byte-level';
  const description = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: preTokenizer,
    post_processor: isByteLevel ? BYTE_LEVEL : null,
    decoder: isByteLevel ? BYTE_LEVEL : null,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: unknownToken ?? null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges,
    },
  };
  return {
    vocabularySize: vocabulary.length,
    merges,
    json: `${JSON.stringify(description, null, 2)}\n`,
  };
}
