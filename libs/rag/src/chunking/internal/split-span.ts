import type { Span } from '@espalier/core';
import { spansWithin } from './spans-within.js';
import { CUTS, SENTENCE_CUT, cutAtBlankLines, cutCharacters, trimSpan } from './cut-places.js';
import type { Section } from './sections.js';

/** A span without white space at its ends, with its tokens. */
export interface Piece extends Span {
  readonly tokens: number;
}

interface SplitInput extends Pick<Section, 'start' | 'end' | 'bodyStart'> {
  readonly text: string;
  /** Spans that stay whole where they fit, in order. */
  readonly atoms: readonly Span[];
}

/** A token stands for few characters; a run of more is something else than words. */
const CHARACTERS_PER_TOKEN = 16;
/**
 * A longer piece is likely to be cut: its parts are counted instead. Where they fit together after all, they are joined
 * to what they were, so that each word is counted about once and nothing but the cost is other.
 */
const LIKELY_CHARACTERS_PER_TOKEN = 3;

/** Returns a function that cuts a section into pieces of at most `maxTokens` tokens. */
export function createSplitter(options: {
  countTokens: (text: string) => number;
  maxTokens: number;
}): (input: SplitInput) => Piece[] {
  const { countTokens, maxTokens } = options;
  const maxCharacters = maxTokens * CHARACTERS_PER_TOKEN;

  const likelyCharacters = maxTokens * LIKELY_CHARACTERS_PER_TOKEN;

  const measure = (text: string, span: Span, longest = maxCharacters): Piece | undefined => {
    const trimmed = trimSpan(text, span);
    if (trimmed === undefined) return undefined;
    const { start, end } = trimmed;
    // Counting is the costly part, and what is far too long is cut anyway.
    const tokens = end - start > longest ? Infinity : countTokens(text.slice(start, end));
    return { start, end, tokens };
  };
  const fits = (piece: Piece): boolean =>
    piece.tokens <= maxTokens && piece.end - piece.start <= maxCharacters;

  const splitAt = (text: string, span: Span, level: number): Piece[] => {
    const cut = CUTS[level];
    const parts = cut === undefined ? cutCharacters(text, span, maxTokens) : cut(text, span);
    return settle(text, parts, level + 1);
  };

  /** Measures the parts, cuts those that do not fit at the next level, and joins neighbours that do. */
  const settle = (text: string, parts: readonly Span[], level: number): Piece[] => {
    const pieces: Piece[] = [];
    for (const part of parts) {
      const piece = measure(text, part, level <= SENTENCE_CUT ? likelyCharacters : maxCharacters);
      if (piece === undefined) continue;
      // A single character may be many tokens of a byte-level model; it stays whole.
      const isCuttable = piece.end - piece.start > 2;
      if (fits(piece) || !isCuttable) pieces.push(piece);
      else {
        // One by one: a spread of a very long list overflows the stack.
        for (const smaller of splitAt(text, piece, Math.min(level, CUTS.length)))
          pieces.push(smaller);
      }
    }
    return joinNeighbours(pieces, maxTokens, maxCharacters);
  };

  return ({ text, start, end, bodyStart, atoms }) => {
    const whole = measure(text, { start, end }, likelyCharacters);
    if (whole === undefined) return [];
    if (fits(whole)) return [whole];
    const blocks: Piece[] = [];
    const inside = spansWithin(atoms, { start: bodyStart, end });
    let from = bodyStart;
    for (const atom of [...inside, { start: end, end }]) {
      for (const part of cutAtBlankLines(text, { start: from, end: atom.start })) {
        const piece = measure(text, part, likelyCharacters);
        if (piece !== undefined) blocks.push(piece);
      }
      const piece = measure(text, atom);
      if (piece !== undefined) blocks.push(piece);
      from = atom.end;
    }
    const heading = measure(text, { start, end: bodyStart });
    if (heading !== undefined) attachHeading(heading, blocks, inside, fits);
    const pieces = blocks.flatMap((block) => (fits(block) ? [block] : splitAt(text, block, 1)));
    return joinNeighbours(pieces, maxTokens, maxCharacters);
  };
}

/** Lets a heading stand with the first block below it, so that it is not cut off alone. */
function attachHeading(
  heading: Piece,
  blocks: Piece[],
  atoms: readonly Span[],
  fits: (piece: Piece) => boolean,
): void {
  const [first] = blocks;
  if (first === undefined) {
    blocks.push(heading);
    return;
  }
  const joined = { start: heading.start, end: first.end, tokens: heading.tokens + first.tokens };
  const isAtom = atoms.some((atom) => atom.start <= first.start && first.start < atom.end);
  if (isAtom && fits(first) && !fits(joined)) blocks.unshift(heading);
  else blocks[0] = joined;
}

/** Joins neighbours to pieces of about equal size, as few as the limits allow. */
function joinNeighbours(
  pieces: readonly Piece[],
  maxTokens: number,
  maxCharacters: number,
): Piece[] {
  const total = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  const target = total / Math.max(1, Math.ceil(total / maxTokens));
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      last.tokens < target &&
      last.tokens + piece.tokens <= maxTokens &&
      piece.end - last.start <= maxCharacters
    ) {
      joined[joined.length - 1] = {
        start: last.start,
        end: piece.end,
        tokens: last.tokens + piece.tokens,
      };
    } else joined.push(piece);
  }
  return joined;
}
