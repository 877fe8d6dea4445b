import * as z from '@espalier/core/zod';
import { fromByteCharacters } from './byte-level.js';
import type { Component, ComponentReader } from './component.js';
import { textPatternOf, textPatternSchema } from './text-pattern.js';

/** Joins tokens to the text that they stand for. */
export type TokenDecoder = (tokens: readonly string[]) => string;
type Step = (tokens: readonly string[]) => readonly string[];

const SUPPORTED =
  'BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse, Metaspace, Replace, Sequence, Strip or WordPiece';
const wordPieceSchema = z.looseObject({
  prefix: z.string().default('##'),
  cleanup: z.boolean().default(true),
});
const metaspaceSchema = z.looseObject({
  replacement: z.string().default('▁'),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().optional(),
});
const suffixSchema = z.looseObject({ suffix: z.string().default('</w>') });
const replaceSchema = z.looseObject({ pattern: textPatternSchema, content: z.string() });
const stripSchema = z.looseObject({
  content: z.string().min(1),
  start: z.int().min(0),
  stop: z.int().min(0),
});
const ctcSchema = z.looseObject({
  pad_token: z.string().default('<pad>'),
  word_delimiter_token: z.string().default('|'),
  cleanup: z.boolean().default(true),
});

const CLEANUPS: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];
const cleanUp = (text: string): string =>
  CLEANUPS.reduce((current, [from, to]) => current.replaceAll(from, to), text);

const lossy = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Reads the `decoder` of a `tokenizer.json`; without one, tokens are joined by spaces. */
export function readTokenDecoder(value: unknown, reader: ComponentReader): TokenDecoder {
  const steps = reader
    .list(value, 'decoders', 'decoder')
    .map((component) => readStep(component, reader));
  if (steps.length === 0) return (tokens) => tokens.join(' ');
  return (tokens) => {
    let parts = tokens;
    for (const step of steps) parts = step(parts);
    return parts.join('');
  };
}

function readStep(component: Component, reader: ComponentReader): Step {
  const place = `decoder.${component.type}`;
  switch (component.type) {
    case 'ByteLevel':
      return (tokens) => [lossy.decode(Uint8Array.from(tokens.flatMap(fromByteCharacters)))];
    case 'WordPiece': {
      const { prefix, cleanup } = reader.parse(wordPieceSchema, component, place);
      return (tokens) =>
        tokens.map((token, index) => {
          const isContinuing = token.startsWith(prefix);
          const joined = isContinuing ? token.slice(prefix.length) : ` ${token}`;
          const text = index === 0 ? token : joined;
          return cleanup ? cleanUp(text) : text;
        });
    }
    case 'Metaspace': {
      const options = reader.parse(metaspaceSchema, component, place);
      const { replacement } = options;
      const scheme =
        options.prepend_scheme ?? (options.add_prefix_space === false ? 'never' : 'always');
      return (tokens) =>
        tokens.map((token, index) =>
          token.replaceAll(replacement, index === 0 && scheme !== 'never' ? '' : ' '),
        );
    }
    case 'BPEDecoder': {
      const { suffix } = reader.parse(suffixSchema, component, place);
      return (tokens) =>
        tokens.map((token, index) =>
          token.replaceAll(suffix, index === tokens.length - 1 ? '' : ' '),
        );
    }
    case 'Replace': {
      const { pattern, content } = reader.parse(replaceSchema, component, place);
      const found = textPatternOf(pattern, reader, place);
      return (tokens) => tokens.map((token) => token.replace(found, () => content));
    }
    case 'Fuse':
      return (tokens) => [tokens.join('')];
    case 'Strip': {
      const { content, start, stop } = reader.parse(stripSchema, component, place);
      return (tokens) => tokens.map((token) => strip(token, content, start, stop));
    }
    case 'ByteFallback':
      return joinBytes;
    case 'CTC': {
      const options = reader.parse(ctcSchema, component, place);
      return (tokens) =>
        tokens
          .filter((token, index) => index === 0 || token !== tokens[index - 1])
          .map((token) => {
            const text = token.replaceAll(options.pad_token, '');
            return options.cleanup
              ? cleanUp(text).replaceAll(options.word_delimiter_token, ' ')
              : text;
          })
          .filter((text) => text !== '');
    }
    default:
      throw reader.unsupported('a decoder', component.type, SUPPORTED);
  }
}

function strip(token: string, content: string, start: number, stop: number): string {
  const characters = Array.from(token);
  let from = 0;
  while (from < Math.min(start, characters.length) && characters[from] === content) from += 1;
  let to = characters.length;
  while (characters.length - to < stop && to > from && characters[to - 1] === content) to -= 1;
  return characters.slice(from, to).join('');
}

/** Joins `<0x0A>` tokens to characters; bytes in a row that are no UTF-8 become one U+FFFD each. */
function joinBytes(tokens: readonly string[]): readonly string[] {
  const out: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length === 0) return;
    try {
      out.push(strict.decode(Uint8Array.from(bytes)));
    } catch {
      out.push(...bytes.map(() => '\ufffd'));
    }
    bytes = [];
  };
  for (const token of tokens) {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token);
    if (byte !== null) {
      bytes.push(Number.parseInt(byte[1] ?? '', 16));
      continue;
    }
    flush();
    out.push(token);
  }
  flush();
  return out;
}
