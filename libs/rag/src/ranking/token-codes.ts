import type { PackedTokenStates } from './pack-token-states.js';

/** Bits that each value of a token state is kept in. */
export type TokenCodeBits = 2 | 4;

/** How values are cut to few bits: in deviations of a vector of length 1, whose values are near normal. */
interface Quantizer {
  /** Code n stands for `levels[n]`, in whole numbers of up to 127. */
  readonly levels: Int8Array;
  readonly codeOf: (deviations: number) => number;
}

/** The best four levels for a normal distribution. @see Max, "Quantizing for minimum distortion" (1960), table I. */
const TWO_BITS: Quantizer = {
  levels: Int8Array.of(-127, -38, 38, 127),
  codeOf: (value) => (value < 0 ? (value < -0.9816 ? 0 : 1) : value > 0.9816 ? 3 : 2),
};
/** The best sixteen evenly spaced levels for it. @see Max (1960), table II. */
const STEP = 0.3352;
const FOUR_BITS: Quantizer = {
  levels: Int8Array.from({ length: 16 }, (_, code) => (2 * code - 15) * 8),
  codeOf: (value) => Math.max(0, Math.min(15, Math.floor(value / STEP) + 8)),
};

function quantizerOf(bits: TokenCodeBits): Quantizer {
  return bits === 2 ? TWO_BITS : FOUR_BITS;
}

/**
 * Returns states in two or four bits a value, without their tokens.
 *
 * Scales are left out: every state has length 1, and is brought to it again when it is read.
 *
 * Shapes: [tokens × dimension] → [tokens × dimension × bits / 8]; `dimension` is a multiple of 4
 * @see Santhanam et al., "ColBERTv2" (2022), section 3.3 — here without centroids, so that nothing has to be trained.
 */
export function toTokenCodes(states: PackedTokenStates, bits: TokenCodeBits): Uint8Array {
  const { codeOf } = quantizerOf(bits);
  const perByte = 8 / bits;
  const { bytes, scales } = states;
  const tokens = states.ids.length;
  const dimension = tokens === 0 ? 0 : bytes.length / tokens;
  const result = new Uint8Array(Math.ceil(bytes.length / perByte));
  const deviations = Math.sqrt(dimension);
  for (let i = 0; i < bytes.length; i += 1) {
    const value = (bytes[i] ?? 0) * (scales[Math.floor(i / dimension)] ?? 0) * deviations;
    const place = Math.floor(i / perByte);
    result[place] = (result[place] ?? 0) | (codeOf(value) << ((i % perByte) * bits));
  }
  return result;
}

/** What each byte of codes stands for: its values one after another, and the sum of their squares. */
interface ByteMeanings {
  readonly values: Int8Array;
  readonly squares: Int32Array;
}

function meaningsOf(bits: TokenCodeBits): ByteMeanings {
  const { levels } = quantizerOf(bits);
  const perByte = 8 / bits;
  const values = new Int8Array(256 * perByte);
  const squares = new Int32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    for (let n = 0; n < perByte; n += 1) {
      const level = levels[(byte >> (n * bits)) & ((1 << bits) - 1)] ?? 0;
      values[byte * perByte + n] = level;
      squares[byte] = (squares[byte] ?? 0) + level * level;
    }
  }
  return { values, squares };
}

const MEANINGS: Readonly<Record<TokenCodeBits, ByteMeanings>> = {
  2: meaningsOf(2),
  4: meaningsOf(4),
};

/**
 * Returns what {@link toTokenCodes} was given, as near as its bits allow; `windows` is empty.
 *
 * A byte of codes at a time: a search reads some ten thousand states.
 */
export function fromTokenCodes(options: {
  ids: Int32Array;
  codes: Uint8Array;
  bits: TokenCodeBits;
}): PackedTokenStates {
  const { ids, codes, bits } = options;
  const { values, squares } = MEANINGS[bits];
  const perByte = 8 / bits;
  const width = ids.length === 0 ? 0 : Math.floor(codes.length / ids.length);
  const bytes = new Int8Array(ids.length * width * perByte);
  const scales = new Float32Array(ids.length);
  let to = 0;
  for (let token = 0; token < ids.length; token += 1) {
    let sum = 0;
    for (let place = token * width, end = place + width; place < end; place += 1) {
      const code = codes[place] ?? 0;
      sum += squares[code] ?? 0;
      const from = code * perByte;
      bytes[to] = values[from] ?? 0;
      bytes[to + 1] = values[from + 1] ?? 0;
      if (perByte === 4) {
        bytes[to + 2] = values[from + 2] ?? 0;
        bytes[to + 3] = values[from + 3] ?? 0;
      }
      to += perByte;
    }
    scales[token] = sum === 0 ? 0 : 1 / Math.sqrt(sum);
  }
  return { ids, bytes, scales, windows: [] };
}
