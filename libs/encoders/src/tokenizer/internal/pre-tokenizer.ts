import * as z from '@espalier/core/zod';
import { escapePattern } from './escape-pattern.js';
import { BYTE_LEVEL_WORDS, toByteCharacters } from './byte-level.js';
import type { Component, ComponentReader } from './component.js';
import { splitText, type SplitBehavior } from './split-text.js';
import { textPatternOf, textPatternSchema } from './text-pattern.js';

/** Cuts a piece of text into words; the model never joins what this has parted. */
export type PreTokenizer = (piece: Piece) => readonly Piece[];

/** A piece of the text on its way to the model. */
export interface Piece {
  readonly text: string;
  /** Whether it begins the whole text. */
  readonly isFirst: boolean;
}

const SUPPORTED =
  'BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, FixedLength, Metaspace, Punctuation, Sequence, Split, Whitespace or WhitespaceSplit';
const behaviorSchema = z.enum([
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
]);
const byteLevelSchema = z.looseObject({
  add_prefix_space: z.boolean().default(true),
  use_regex: z.boolean().default(true),
});
const metaspaceSchema = z.looseObject({
  replacement: z.string().default('▁'),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().optional(),
  split: z.boolean().default(true),
});
const splitSchema = z.looseObject({
  pattern: textPatternSchema,
  behavior: behaviorSchema,
  invert: z.boolean().default(false),
});
const punctuationSchema = z.looseObject({ behavior: behaviorSchema.default('Isolated') });
const digitsSchema = z.looseObject({ individual_digits: z.boolean().default(false) });
const delimiterSchema = z.looseObject({ delimiter: z.string().min(1) });
const fixedLengthSchema = z.looseObject({ length: z.int().min(1) });

const PUNCTUATION = /[\p{P}$+<=>^`|~]/gu;
const WORDS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{White_Space}]+/gu;
const SPACE = /\p{White_Space}/gu;

/** Reads the `pre_tokenizer` of a `tokenizer.json`. */
export function readPreTokenizer(value: unknown, reader: ComponentReader): PreTokenizer {
  const steps = reader
    .list(value, 'pretokenizers', 'pre_tokenizer')
    .map((component) => readStep(component, reader));
  return (piece) => {
    let pieces: readonly Piece[] = [piece];
    for (const step of steps) pieces = pieces.flatMap(step);
    return pieces;
  };
}

const splitter =
  (pattern: RegExp, behavior: SplitBehavior, isInverted = false) =>
  (piece: Piece): readonly Piece[] =>
    piecesOf(piece, splitText(piece.text, { pattern, behavior, isInverted }));

function piecesOf(piece: Piece, texts: readonly string[]): readonly Piece[] {
  return texts.map((text, index) => ({ text, isFirst: piece.isFirst && index === 0 }));
}

function readStep(component: Component, reader: ComponentReader): PreTokenizer {
  const place = `pre_tokenizer.${component.type}`;
  switch (component.type) {
    case 'ByteLevel': {
      const options = reader.parse(byteLevelSchema, component, place);
      return (piece) => {
        const text =
          options.add_prefix_space && !piece.text.startsWith(' ') ? ` ${piece.text}` : piece.text;
        const words = options.use_regex
          ? splitText(text, { pattern: BYTE_LEVEL_WORDS, behavior: 'Isolated' })
          : [text];
        return piecesOf(piece, words.map(toByteCharacters));
      };
    }
    case 'Metaspace':
      return readMetaspace(reader.parse(metaspaceSchema, component, place));
    case 'Split': {
      const { pattern, behavior, invert } = reader.parse(splitSchema, component, place);
      return splitter(textPatternOf(pattern, reader, place), behavior, invert);
    }
    case 'Whitespace':
      return splitter(WORDS, 'Removed', true);
    case 'WhitespaceSplit':
      return splitter(SPACE, 'Removed');
    case 'BertPreTokenizer': {
      const words = splitter(SPACE, 'Removed');
      const marks = splitter(PUNCTUATION, 'Isolated');
      return (piece) => words(piece).flatMap(marks);
    }
    case 'Punctuation':
      return splitter(PUNCTUATION, reader.parse(punctuationSchema, component, place).behavior);
    case 'Digits': {
      const isSingle = reader.parse(digitsSchema, component, place).individual_digits;
      return splitter(/\p{N}/gu, isSingle ? 'Isolated' : 'Contiguous');
    }
    case 'CharDelimiterSplit': {
      const { delimiter } = reader.parse(delimiterSchema, component, place);
      return splitter(new RegExp(escapePattern(delimiter), 'gu'), 'Removed');
    }
    case 'FixedLength': {
      const { length } = reader.parse(fixedLengthSchema, component, place);
      return splitter(new RegExp(`[^]{1,${length}}`, 'gu'), 'Isolated');
    }
    default:
      throw reader.unsupported('a pre-tokeniser', component.type, SUPPORTED);
  }
}

function readMetaspace(options: z.infer<typeof metaspaceSchema>): PreTokenizer {
  const { replacement } = options;
  const scheme =
    options.prepend_scheme ?? (options.add_prefix_space === false ? 'never' : 'always');
  const pattern = new RegExp(escapePattern(replacement), 'gu');
  return (piece) => {
    let text = piece.text.replaceAll(' ', () => replacement);
    const isPrepended = scheme === 'always' || (scheme === 'first' && piece.isFirst);
    if (isPrepended && !text.startsWith(replacement)) text = replacement + text;
    return piecesOf(
      piece,
      options.split ? splitText(text, { pattern, behavior: 'MergedWithNext' }) : [text],
    );
  };
}
