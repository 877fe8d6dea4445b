import { LABEL_COUNT } from './tagger-labels.js';
import { GAP } from './read-tokens.js';
import { FEATURE_COUNT, WINDOW, writeFeatures } from './token-features.js';
import { OUTSIDE, PIECE, type TokenTraits } from './token-traits.js';

/** Tokens with what is known of each. */
export interface TraitedTokens {
  readonly traits: readonly TokenTraits[];
  readonly gaps: readonly number[];
}

/** Writes the features of token `index` to `target` from `offset` on; a break hides what is behind it. */
export function writeTokenFeatures(
  tokens: TraitedTokens,
  index: number,
  bits: number,
  target: Int32Array,
  offset: number,
): void {
  const { traits, gaps } = tokens;
  const window: TokenTraits[] = [];
  const between: number[] = [];
  let first = index;
  while (first > 0 && index - first < WINDOW && gaps[first] !== GAP.break) first -= 1;
  for (let at = index - WINDOW; at <= index; at += 1) {
    window.push(at < first ? OUTSIDE : (traits[at] ?? OUTSIDE));
    between.push(gaps[at] ?? GAP.break);
  }
  let isCut = false;
  for (let at = index + 1; at <= index + WINDOW; at += 1) {
    isCut ||= at >= traits.length || gaps[at] === GAP.break;
    window.push(isCut ? OUTSIDE : (traits[at] ?? OUTSIDE));
    between.push(isCut ? GAP.break : (gaps[at] ?? GAP.break));
  }
  writeFeatures(window, between, bits, target, offset);
}

/** Makes what scores the labels of a token. */
export function createEmissionScorer(options: {
  readonly bits: number;
  readonly emissions: Int8Array;
  readonly scale: number;
  readonly recallBias: number;
}): (tokens: TraitedTokens, index: number, target: Float64Array) => void {
  const { bits, emissions, scale, recallBias } = options;
  const features = new Int32Array(FEATURE_COUNT);
  const sums = new Int32Array(LABEL_COUNT);
  return (tokens, index, target) => {
    if (tokens.traits[index] === PIECE) {
      target.fill(-1e6);
      target[0] = 0;
      return;
    }
    writeTokenFeatures(tokens, index, bits, features, 0);
    sums.fill(0);
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
      const row = (features[feature] ?? 0) * LABEL_COUNT;
      for (let label = 0; label < LABEL_COUNT; label += 1)
        sums[label] = (sums[label] ?? 0) + (emissions[row + label] ?? 0);
    }
    for (let label = 0; label < LABEL_COUNT; label += 1) target[label] = (sums[label] ?? 0) * scale;
    target[0] = (target[0] ?? 0) - recallBias;
  };
}

/** Which transitions hold into a token: by the gap before it, and whether it is a word, a comma or another sign. */
export function transitionKind(gap: number, { sign }: TokenTraits): number {
  return Math.min(gap, GAP.newLine) * 3 + sign;
}
