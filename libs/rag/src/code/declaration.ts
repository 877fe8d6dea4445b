import type { Span } from '@espalier/core';

/** A class, function or the like, with the comments and attributes right above it. */
export interface Declaration extends Span {
  readonly name: string;
  /** Those inside of it, in order. */
  readonly children: readonly Declaration[];
}

/** A declaration that has been found, before it is known what is inside of it. */
export type FlatDeclaration = Omit<Declaration, 'children'>;

/** What nests deeper is no code that somebody wrote. */
const MAX_DEPTH = 40;

/** Puts declarations (in order of their starts) inside of those around them; what only overlaps is left out. */
export function nestDeclarations(found: readonly FlatDeclaration[]): Declaration[] {
  const roots: Declaration[] = [];
  const open: { declaration: Declaration; children: Declaration[] }[] = [];
  for (const { name, start, end } of found) {
    while ((open.at(-1)?.declaration.end ?? Infinity) <= start) open.pop();
    const around = open.at(-1);
    if (around !== undefined && end > around.declaration.end) continue;
    if (open.length >= MAX_DEPTH) continue;
    const siblings = around?.children ?? roots;
    if (start < (siblings.at(-1)?.end ?? 0) || start >= end) continue;
    const children: Declaration[] = [];
    const declaration = { name, start, end, children };
    siblings.push(declaration);
    open.push({ declaration, children });
  }
  return roots;
}
