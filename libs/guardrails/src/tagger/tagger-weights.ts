import { TaggerWeightsError } from '../errors.js';
import { mix } from './hash.js';
import { LABEL_COUNT } from './tagger-labels.js';
import { createTaggerLexicon, type TaggerLexicon } from './tagger-lexicon.js';

/** How many kinds of places between two tokens have transitions of their own. */
export const TRANSITION_KINDS = 9;
const MAGIC = 0x50_45_54_31;
const HEADER = 64;

/** The parameters of a tagger. */
export interface TaggerWeights {
  readonly bits: number;
  /** One row of `LABEL_COUNT` for each feature. */
  readonly emissions: Int8Array;
  readonly emissionScale: number;
  /** By kind, label before, label. */
  readonly transitions: Float32Array;
  /** Taken from what speaks for no entity, in favour of recall. */
  readonly recallBias: number;
  /** Confidence = 1 / (1 + exp(-slope × margin - offset)). */
  readonly slope: number;
  readonly offset: number;
  readonly lexicon: TaggerLexicon;
}

/**
 * Reads the weights file: a header of 64 bytes (magic, bits, labels, lexicon rows, emission scale, recall bias, slope,
 * offset, checksum of the rest), then emissions, padding to four bytes, transitions and lexicon, little endian.
 *
 * @throws {TaggerWeightsError} `ERR_GUARDRAILS_TAGGER_WEIGHTS`: the file is none, of another version, or damaged.
 */
export function readTaggerWeights(bytes: Uint8Array): TaggerWeights {
  if (bytes.length < HEADER)
    throw new TaggerWeightsError({ problem: `it has ${bytes.length} bytes` });
  // Typed arrays need an aligned start, which a slice of a larger buffer may lack.
  const { buffer } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const base = bytes.byteOffset % 4 === 0 ? bytes.byteOffset : 0;
  const header = new DataView(buffer, base, HEADER);
  if (header.getUint32(0, true) !== MAGIC)
    throw new TaggerWeightsError({ problem: 'it does not begin as one' });
  const bits = header.getUint32(4, true);
  const labels = header.getUint32(8, true);
  const rows = header.getUint32(12, true);
  if (labels !== LABEL_COUNT || bits > 24)
    throw new TaggerWeightsError({
      problem: `it has ${labels} labels where ${LABEL_COUNT} are known`,
    });
  const emissionBytes = 2 ** bits * labels;
  const padded = Math.ceil(emissionBytes / 4) * 4;
  const transitionCount = TRANSITION_KINDS * labels * labels;
  const length = HEADER + padded + transitionCount * 4 + rows * 12;
  if (bytes.length !== length)
    throw new TaggerWeightsError({ problem: `it has ${bytes.length} bytes instead of ${length}` });
  const rest = new Uint32Array(buffer, base + HEADER, (length - HEADER) / 4);
  const [first, second] = checksum(rest);
  if (first !== header.getUint32(32, true) || second !== header.getUint32(36, true))
    throw new TaggerWeightsError({ problem: 'its checksum is wrong' });
  return {
    bits,
    emissions: new Int8Array(buffer, base + HEADER, emissionBytes),
    emissionScale: header.getFloat32(16, true),
    recallBias: header.getFloat32(20, true),
    slope: header.getFloat32(24, true),
    offset: header.getFloat32(28, true),
    transitions: new Float32Array(buffer, base + HEADER + padded, transitionCount),
    lexicon: createTaggerLexicon(
      new Uint32Array(buffer, base + HEADER + padded + transitionCount * 4, rows * 3),
    ),
  };
}

/** Two sums of 32 bits that a changed, lost or moved word changes. It guards against damage, not against malice. */
export function checksum(words: Uint32Array): readonly [number, number] {
  let first = 1;
  let second = 2;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? 0;
    first = mix(first, word);
    second = (second + Math.imul(word ^ index, 0x85_eb_ca_6b)) | 0;
  }
  return [first >>> 0, second >>> 0];
}
