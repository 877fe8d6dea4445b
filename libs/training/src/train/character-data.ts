import { readFile } from 'node:fs/promises';
import { createSeededRandom } from '@espalier/core';
import { TrainingDataError } from '../errors.js';
import { mixSeed } from './row-stream.js';
import type { TokenRow } from './token-rows.js';

/** A text as ids, cut into a part to learn and a part to evaluate. */
export interface TextData {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** Reads a text file with one id for each of its characters, in the order of their code points. */
export async function readCharacters(
  file: string,
): Promise<{ ids: Int32Array; characters: readonly string[] }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new TrainingDataError({ file, problem: 'it is missing or unreadable', cause });
  }
  const all = Array.from(text);
  const characters = [...new Set(all)].sort(
    (a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0),
  );
  const idOf = new Map(characters.map((character, id) => [character, id]));
  return { ids: Int32Array.from(all, (character) => idOf.get(character) ?? 0), characters };
}

/** Cuts ids into a part to train on and one at the end to evaluate, each long enough for a window. */
export function splitText(options: {
  readonly file: string;
  readonly ids: Int32Array;
  readonly validationSplit: number;
  readonly length: number;
}): TextData {
  const { ids, length } = options;
  const at = Math.floor(ids.length * (1 - options.validationSplit));
  const train = ids.subarray(0, at);
  const validation = ids.subarray(at);
  if (train.length < length + 2 || (options.validationSplit > 0 && validation.length < length + 2))
    throw new TrainingDataError({
      file: options.file,
      problem: `${ids.length} tokens are too few for windows of ${length} and a validation part`,
    });
  return { train, validation };
}

/** Windows of `length` predictions at random places, the same for the same counter. */
export function randomWindows(options: {
  readonly ids: Int32Array;
  readonly length: number;
  readonly count: number;
  readonly seed: number;
  readonly counter: number;
}): TokenRow[] {
  const random = createSeededRandom(mixSeed(options.seed, options.counter));
  return Array.from({ length: options.count }, () => {
    const at = Math.floor(random.next() * (options.ids.length - options.length));
    const ids = options.ids.subarray(at, at + options.length + 1);
    return { ids, isScored: new Uint8Array(ids.length).fill(1, 1) };
  });
}

/** A `tokenizer.json` that cuts text into these characters. */
export function characterTokenizer(characters: readonly string[]): object {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: {
      type: 'Split',
      pattern: { Regex: '[\\s\\S]' },
      behavior: 'Isolated',
      invert: false,
    },
    post_processor: null,
    decoder: { type: 'Fuse' },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(characters.map((character, id) => [character, id])),
      unk_token: characters.includes(' ') ? ' ' : (characters[0] ?? ''),
    },
  };
}
