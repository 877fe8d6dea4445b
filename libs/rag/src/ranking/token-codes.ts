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

/** Returns what {@link toTokenCodes} was given, as near as its bits allow; `windows` is empty. */
export function fromTokenCodes(options: {
  ids: Int32Array;
  codes: Uint8Array;
  bits: TokenCodeBits;
}): PackedTokenStates {
  const { ids, codes, bits } = options;
  const { levels } = quantizerOf(bits);
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  const dimension = ids.length === 0 ? 0 : Math.floor((codes.length * perByte) / ids.length);
  const bytes = new Int8Array(ids.length * dimension);
  const scales = new Float32Array(ids.length);
  for (let token = 0, i = 0; token < ids.length; token += 1) {
    let squares = 0;
    for (const end = i + dimension; i < end; i += 1) {
      const code = ((codes[Math.floor(i / perByte)] ?? 0) >> ((i % perByte) * bits)) & mask;
      const level = levels[code] ?? 0;
      bytes[i] = level;
      squares += level * level;
    }
    scales[token] = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  }
  return { ids, bytes, scales, windows: [] };
}
