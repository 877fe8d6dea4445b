import type { Span } from '@espalier/core';
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

/** Where a text may be cut, from the best places to the worst; the match itself goes to neither side's words. */
const CUTS: readonly RegExp[] = [
  /\n[ \t\r]*\n/gu,
  /\n/gu,
  /(?<=[.!?…]["'”’)\]]*)\s+|(?<=[。！？])/gu,
  /(?<=[,;:])\s+|(?<=[、，；])/gu,
  /\s+/gu,
];
/** A token stands for few characters; a run of more is something else than words. */
const CHARACTERS_PER_TOKEN = 16;

/** Returns a function that cuts a section into pieces of at most `maxTokens` tokens. */
export function createSplitter(options: {
  countTokens: (text: string) => number;
  maxTokens: number;
}): (input: SplitInput) => Piece[] {
  const { countTokens, maxTokens } = options;
  const maxCharacters = maxTokens * CHARACTERS_PER_TOKEN;

  const measure = (text: string, span: Span): Piece | undefined => {
    const raw = text.slice(span.start, span.end);
    const trimmed = raw.trim();
    if (trimmed === '') return undefined;
    const start = span.start + raw.length - raw.trimStart().length;
    // Counting is the costly part, and what is far too long is cut anyway.
    const isLong = trimmed.length > maxCharacters;
    return { start, end: start + trimmed.length, tokens: isLong ? Infinity : countTokens(trimmed) };
  };
  const fits = (piece: Piece): boolean =>
    piece.tokens <= maxTokens && piece.end - piece.start <= maxCharacters;

  const splitAt = (text: string, span: Span, level: number): Piece[] => {
    const cut = CUTS[level];
    const parts =
      cut === undefined ? splitCharacters(text, span, maxTokens) : splitWhere(text, span, cut);
    return settle(text, parts, level + 1);
  };

  /** Measures the parts, cuts those that do not fit at the next level, and joins neighbours that do. */
  const settle = (text: string, parts: readonly Span[], level: number): Piece[] => {
    const pieces: Piece[] = [];
    for (const part of parts) {
      const piece = measure(text, part);
      if (piece === undefined) continue;
      // A single character may be many tokens of a byte-level model; it stays whole.
      const isCuttable = piece.end - piece.start > 2;
      if (fits(piece) || !isCuttable) pieces.push(piece);
      else pieces.push(...splitAt(text, piece, Math.min(level, CUTS.length)));
    }
    return joinNeighbours(pieces, maxTokens, maxCharacters);
  };

  return ({ text, start, end, bodyStart, atoms }) => {
    const whole = measure(text, { start, end });
    if (whole === undefined) return [];
    if (fits(whole)) return [whole];
    const blocks: Piece[] = [];
    const inside = atoms.filter((atom) => atom.start >= bodyStart && atom.end <= end);
    let from = bodyStart;
    for (const atom of [...inside, { start: end, end }]) {
      for (const part of splitWhere(text, { start: from, end: atom.start }, CUTS[0] as RegExp)) {
        const piece = measure(text, part);
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

function splitWhere(text: string, span: Span, cut: RegExp): Span[] {
  const raw = text.slice(span.start, span.end);
  const parts: Span[] = [];
  let from = 0;
  for (const { index, 0: gap } of raw.matchAll(cut)) {
    if (index > from) parts.push({ start: span.start + from, end: span.start + index });
    from = index + gap.length;
  }
  if (from < raw.length) parts.push({ start: span.start + from, end: span.end });
  return parts;
}

function splitCharacters(text: string, span: Span, size: number): Span[] {
  const length = Math.max(1, Math.min(size, Math.ceil((span.end - span.start) / 2)));
  const parts: Span[] = [];
  for (let start = span.start; start < span.end;) {
    let end = Math.min(span.end, start + length);
    if (end < span.end && isLowSurrogate(text.charCodeAt(end))) end += 1;
    parts.push({ start, end });
    start = end;
  }
  return parts;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
