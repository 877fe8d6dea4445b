import type { Span } from '@espalier/core';
import type { Declaration } from '../../code/declaration.js';
import { trimSpan } from './cut-places.js';
import type { Piece } from './split-span.js';

/** A piece of code and the names of the declarations around it, outermost first. */
export interface CodePiece extends Piece {
  readonly path: readonly string[];
}

/** What {@link packDeclarations} takes. */
export interface PackDeclarationsOptions {
  readonly text: string;
  readonly declarations: readonly Declaration[];
  readonly maxTokens: number;
  readonly countTokens: (text: string) => number;
  /** Cuts a span that is in no declaration of its own, at its lines. */
  readonly split: (span: Span) => readonly Piece[];
}

/** A token of code stands for few characters; a declaration of more is cut without being counted. */
const CHARACTERS_PER_TOKEN = 16;

/**
 * Cuts code at its declarations: one that fits stays whole, and small neighbours are joined; one that does not is cut at
 * the declarations inside of it, and at its lines where there are none. Together the pieces hold all text that is not
 * white space, in order.
 */
export function packDeclarations(options: PackDeclarationsOptions): CodePiece[] {
  const { text, maxTokens, countTokens } = options;
  const whole = { start: 0, end: text.length, name: '', children: options.declarations };

  const measure = (span: Span): Piece | undefined => {
    const trimmed = trimSpan(text, span);
    if (trimmed === undefined) return undefined;
    const isLong = trimmed.end - trimmed.start > maxTokens * CHARACTERS_PER_TOKEN;
    const tokens = isLong ? Infinity : countTokens(text.slice(trimmed.start, trimmed.end));
    return { ...trimmed, tokens };
  };

  const cut = (declaration: Declaration, path: readonly string[]): CodePiece[] => {
    const measured = measure(declaration);
    if (measured === undefined) return [];
    if (measured.tokens <= maxTokens) return [{ ...measured, path }];
    const pieces: CodePiece[] = [];
    const add = (more: readonly CodePiece[]): void => {
      for (const piece of more) pieces.push(piece);
    };
    let from = declaration.start;
    for (const child of declaration.children) {
      add(options.split({ start: from, end: child.start }).map((piece) => ({ ...piece, path })));
      add(cut(child, [...path, child.name]));
      from = child.end;
    }
    add(options.split({ start: from, end: declaration.end }).map((piece) => ({ ...piece, path })));
    return join(pieces, maxTokens);
  };
  return cut(whole, []);
}

/** Joins neighbours while they fit; what is joined has the path that both share. */
function join(pieces: readonly CodePiece[], maxTokens: number): CodePiece[] {
  const joined: CodePiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && last.tokens + piece.tokens <= maxTokens) {
      joined[joined.length - 1] = {
        start: last.start,
        end: piece.end,
        tokens: last.tokens + piece.tokens,
        path: commonPath(last.path, piece.path),
      };
    } else joined.push(piece);
  }
  return joined;
}

function commonPath(first: readonly string[], second: readonly string[]): readonly string[] {
  const end = first.findIndex((name, depth) => second[depth] !== name);
  return end < 0 ? first : first.slice(0, end);
}
