import { hashText, mix } from './hash.js';
import type { TaggerLexicon } from './tagger-lexicon.js';

/** What the features of a token are made of. All are hashes or small numbers. */
export interface TokenTraits {
  readonly word: number;
  /** 0 a word, 1 a comma, 2 another sign. */
  readonly sign: number;
  readonly shape: number;
  readonly lists: number;
  readonly coarse: number;
  readonly fine: number;
  readonly prefix2: number;
  readonly prefix3: number;
  readonly suffix2: number;
  readonly suffix3: number;
  readonly suffix4: number;
}

const none = (word: number): TokenTraits => ({
  word,
  sign: 0,
  shape: word,
  lists: 0,
  coarse: 0,
  fine: 0,
  prefix2: word,
  prefix3: word,
  suffix2: word,
  suffix3: word,
  suffix4: word,
});

/** Before the beginning and behind the end of a text. */
export const OUTSIDE: TokenTraits = none(1);
/** A piece of a run that is too long for a word. */
export const PIECE: TokenTraits = none(2);

const REMEMBERED = 4096;

/** Makes a reader of traits that remembers the words it met last. */
export function createTraitReader(lexicon: TaggerLexicon): (written: string) => TokenTraits {
  let known = new Map<string, TokenTraits>();
  return (written) => {
    const met = known.get(written);
    if (met !== undefined) return met;
    if (known.size >= REMEMBERED) known = new Map();
    const traits = readTraits(written, lexicon);
    known.set(written, traits);
    return traits;
  };
}

function readTraits(written: string, lexicon: TaggerLexicon): TokenTraits {
  const lower = written.toLowerCase();
  const { length } = lower;
  const key = hashText(lower, 0, length);
  const [coarse, fine] = lexicon.clustersOf(key);
  const digitless = /\d/.test(lower) ? lower.replace(/\d/g, '0') : lower;
  const from = (start: number): number => hashText(digitless, Math.max(0, start), length);
  return {
    word: length > 4 || digitless === lower ? hashText(digitless, 0, length) : key,
    sign: written === ',' ? 1 : /[\p{L}\p{N}]/u.test(written) ? 0 : 2,
    shape: shapeOf(written),
    lists: lexicon.listsOf(key),
    coarse,
    fine,
    prefix2: hashText(digitless, 0, Math.min(2, length)),
    prefix3: hashText(digitless, 0, Math.min(3, length)),
    suffix2: mix(from(length - 2), 7),
    suffix3: mix(from(length - 3), 7),
    suffix4: mix(from(length - 4), 7),
  };
}

/** `Xx`, `XX`, `xx`, `dd4`, a mixture of these, or the sign itself. */
function shapeOf(written: string): number {
  if (!/[\p{L}\p{N}]/u.test(written)) return hashText(written, 0, written.length);
  if (/^\d+$/.test(written)) return mix(11, Math.min(written.length, 8));
  let shape = '';
  for (const character of written) {
    const kind = /\d/.test(character) ? 'd' : character === character.toLowerCase() ? 'x' : 'X';
    if (!shape.endsWith(kind)) shape += kind;
  }
  if (shape === 'X') shape = written.length === 1 ? 'X1' : written.length === 2 ? 'X2' : 'X3';
  if (shape === 'x' && written.length === 1) shape = 'x1';
  return hashText(shape, 0, shape.length);
}
