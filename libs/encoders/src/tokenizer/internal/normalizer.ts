import * as z from '@espalier/core/zod';
import { normalizeBertText } from './bert-text.js';
import { toByteCharacters } from './byte-level.js';
import type { Component, ComponentReader } from './component.js';
import { createPrecompiledNormalizer } from './precompiled-charsmap.js';
import { textPatternOf, textPatternSchema } from './text-pattern.js';

/** Changes a text before it is cut. */
export type Normalizer = (text: string) => string;

const SUPPORTED =
  'BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace, Sequence, Strip or StripAccents';
const stripSchema = z.looseObject({ strip_left: z.boolean(), strip_right: z.boolean() });
const replaceSchema = z.looseObject({ pattern: textPatternSchema, content: z.string() });
const precompiledSchema = z.looseObject({ precompiled_charsmap: z.string() });
const prependSchema = z.looseObject({ prepend: z.string() });
/** The settings of a `BertNormalizer`. */
export const bertNormalizerSchema = z.looseObject({
  clean_text: z.boolean().default(true),
  handle_chinese_chars: z.boolean().default(true),
  strip_accents: z.boolean().nullable().default(null),
  lowercase: z.boolean().default(true),
});

const NMT_REMOVED = /[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]/gu;
const NMT_SPACES = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/gu;

/** Reads the `normalizer` of a `tokenizer.json`. */
export function readNormalizer(value: unknown, reader: ComponentReader): Normalizer {
  const steps = reader
    .list(value, 'normalizers', 'normalizer')
    .map((component) => readStep(component, reader));
  return (text) => steps.reduce((current, step) => step(current), text);
}

function readStep(component: Component, reader: ComponentReader): Normalizer {
  const place = `normalizer.${component.type}`;
  switch (component.type) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = component.type;
      return (text) => text.normalize(form);
    }
    case 'Lowercase':
      // Character by character: a final sigma is no other letter here.
      return (text) => Array.from(text, (character) => character.toLowerCase()).join('');
    case 'StripAccents':
      return (text) => text.replace(/\p{M}/gu, '');
    case 'Strip': {
      const { strip_left: left, strip_right: right } = reader.parse(stripSchema, component, place);
      return (text) => {
        const begun = left ? text.replace(/^\p{White_Space}+/u, '') : text;
        return right ? begun.replace(/\p{White_Space}+$/u, '') : begun;
      };
    }
    case 'Replace': {
      const { pattern, content } = reader.parse(replaceSchema, component, place);
      const found = textPatternOf(pattern, reader, place);
      return (text) => text.replace(found, () => content);
    }
    case 'Prepend': {
      const { prepend } = reader.parse(prependSchema, component, place);
      return (text) => (text === '' ? text : prepend + text);
    }
    case 'Precompiled': {
      const { precompiled_charsmap: map } = reader.parse(precompiledSchema, component, place);
      try {
        return createPrecompiledNormalizer(map);
      } catch (cause) {
        throw reader.corrupt(`${place}: ${(cause as Error).message}`, cause);
      }
    }
    case 'ByteLevel':
      return toByteCharacters;
    case 'Nmt':
      return (text) => text.replace(NMT_REMOVED, '').replace(NMT_SPACES, ' ');
    case 'BertNormalizer': {
      const options = reader.parse(bertNormalizerSchema, component, place);
      return (text) =>
        normalizeBertText(text, {
          cleanText: options.clean_text,
          separateIdeographs: options.handle_chinese_chars,
          stripAccents: options.strip_accents ?? options.lowercase,
          lowercase: options.lowercase,
        });
    }
    default:
      throw reader.unsupported('a normaliser', component.type, SUPPORTED);
  }
}
