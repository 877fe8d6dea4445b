import type { PiiTagger, TaggedSpan, TaggedText } from './create-pii-tagger.js';
import { createEmissionScorer, transitionKind } from './emissions.js';
import { createFirstLabelScorer } from './label-path.js';
import { createTokenReader, GAP, MAX_GAP, MAX_WORD } from './read-tokens.js';
import { LABEL_COUNT, TAGGER_TYPES } from './tagger-labels.js';
import { TRANSITION_KINDS, type TaggerWeights } from './tagger-weights.js';
import { WINDOW } from './token-features.js';
import { createTraitReader, PIECE } from './token-traits.js';

/** How many tokens behind one its label waits for. */
export const LAG = 4;
const AHEAD = LAG + WINDOW;
const LOOK_BEHIND = (WINDOW + 1) * (MAX_WORD + MAX_GAP) + 1;
/** So long a row of spans without a word between them starts anew. Units: UTF-16 code units. */
const MAX_CHAIN = 320;
const MAX_HOLD_BACK = MAX_CHAIN + (AHEAD + 3) * (MAX_WORD + MAX_GAP);

interface OpenSpan {
  readonly type: number;
  readonly start: number;
  end: number;
  margin: number;
  tokens: number;
}

/** Makes a tagger of weights. */
export function createTaggerSession(weights: TaggerWeights): PiiTagger {
  const read = createTokenReader();
  const traitsOf = createTraitReader(weights.lexicon);
  const score = createEmissionScorer({ ...weights, scale: weights.emissionScale });
  const scoreFirst = createFirstLabelScorer();
  const matrices = Array.from({ length: TRANSITION_KINDS }, (_, kind) =>
    weights.transitions.subarray(
      kind * LABEL_COUNT * LABEL_COUNT,
      (kind + 1) * LABEL_COUNT * LABEL_COUNT,
    ),
  );
  const ring = Array.from({ length: LAG + 1 }, () => new Float64Array(LABEL_COUNT));

  /** The tokens from `from` on, behind the last few before it. */
  const prepare = (text: string, from: number) => {
    const windowStart = Math.max(0, from - LOOK_BEHIND);
    const before = read(text, windowStart, from);
    const ahead = read(text, from, text.length, before.ends.at(-1) ?? windowStart);
    // The first may have lost its beginning.
    const dropped = from >= LOOK_BEHIND ? 1 : 0;
    const kept = Math.min(WINDOW, Math.max(0, before.starts.length - dropped));
    const first = kept === 0 ? 0 : before.starts.length - kept;
    const isInside = ahead.gaps[0] === GAP.glued && ahead.isPiece[0] === true;
    const starts = before.starts.slice(first, first + kept).concat(ahead.starts);
    const ends = before.ends.slice(first, first + kept).concat(ahead.ends);
    const gaps = before.gaps.slice(first, first + kept).concat(ahead.gaps);
    if (gaps.length > 0 && first === 0) gaps[0] = GAP.break;
    const traits = starts.map((start, index) => {
      const isPiece =
        index < kept
          ? before.isPiece[first + index] === true || (isInside && index === kept - 1)
          : ahead.isPiece[index - kept] === true;
      return isPiece ? PIECE : traitsOf(text.slice(start, ends[index]));
    });
    return { starts, ends, gaps, traits, kept, endsInBreak: ahead.endsInBreak };
  };

  const tag: PiiTagger['tag'] = ({ text, from = 0, isFinal }): TaggedText => {
    const tokens = prepare(text, from);
    const { starts, ends, gaps, kept, endsInBreak } = tokens;
    const count = starts.length;
    const isClosed = isFinal || endsInBreak;
    const complete = isClosed || (ends.at(-1) ?? 0) < text.length ? count : count - 1;
    const kinds = gaps.map((gap, index) => transitionKind(gap, tokens.traits[index] ?? PIECE));
    const spans: TaggedSpan[] = [];
    const restarts: number[] = [];
    let scored = kept;
    let before = 0;
    let chainStart = -1;
    let open: OpenSpan | undefined;
    let limit = kept;
    let cleared = from;

    const close = (): void => {
      if (open === undefined) return;
      const margin = open.margin / open.tokens;
      spans.push({
        type: TAGGER_TYPES[open.type] ?? 'person',
        start: open.start,
        end: open.end,
        score: 1 / (1 + Math.exp(-weights.slope * margin - weights.offset)),
      });
      open = undefined;
    };
    const restartAt = (position: number): void => {
      close();
      before = 0;
      chainStart = -1;
      cleared = position;
      restarts.push(position);
    };

    for (let index = kept; index < count; index += 1) {
      limit = Math.max(limit, index + 1);
      while (limit < count && limit <= index + AHEAD && gaps[limit] !== GAP.break) limit += 1;
      const isReady =
        isClosed || index + AHEAD < complete || (limit < count && limit <= index + AHEAD);
      if (!isReady) break;
      const start = starts[index] ?? 0;
      const end = ends[index] ?? 0;
      if (index > kept && before !== 0) {
        const isTooLong = start - chainStart > MAX_CHAIN;
        if (gaps[index] === GAP.break || isTooLong) restartAt(ends[index - 1] ?? 0);
      }
      const last = Math.min(index + LAG, limit - 1, count - 1);
      for (scored = Math.max(scored, index); scored <= last; scored += 1)
        score(tokens, scored, ring[scored % (LAG + 1)] as Float64Array);
      const { scores, best } = scoreFirst({
        before,
        count: last - index + 1,
        emissionsAt: (offset) => ring[(index + offset) % (LAG + 1)] as Float64Array,
        transitionsAt: (offset) => matrices[kinds[index + offset] ?? 0] as Float32Array,
      });
      if (best === 0) {
        restartAt(end);
        continue;
      }
      const margin = (scores[best] ?? 0) - (scores[0] ?? 0);
      if (best % 2 === 1 || open === undefined) {
        close();
        open = { type: (best - 1) >> 1, start, end, margin, tokens: 1 };
        if (chainStart < 0) chainStart = start;
      } else {
        open.end = end;
        open.margin += margin;
        open.tokens += 1;
      }
      before = best;
    }
    if (isClosed) {
      close();
      cleared = text.length;
      restarts.push(cleared);
    }
    return {
      spans: spans.filter((span) => span.end <= cleared),
      clearedUntil: cleared,
      restarts,
    };
  };
  return { lookBehind: LOOK_BEHIND, maxHoldBack: MAX_HOLD_BACK, tag };
}
