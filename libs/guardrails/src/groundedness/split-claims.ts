import type { Span } from '@espalier/core';

/** A run of signs is read from its first one only: read from each, a long run would take time by its square. */
const END = /(?<![.!?。！？])[.!?。！？]+["'”’)\]]{0,8}(?:\s+|$)|\n+/gu;
const ABBREVIATION =
  /(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|fig|inc|ltd|co|jr|sr|u\.s|approx)|\b\p{Lu})\.\s{0,12}$/iu;

/** A sentence, and where it stands. */
export interface Claim {
  readonly text: string;
  readonly span: Span;
}

/** The sentences of a text; sentences without a letter or digit are left out. */
export function splitClaims(text: string): readonly Claim[] {
  return splitGrowingClaims(text, { isFinal: true }).claims;
}

/** The sentences of a growing text that are over whatever follows, and where the next one begins. */
export function splitGrowingClaims(
  text: string,
  { isFinal }: { readonly isFinal: boolean },
): { readonly claims: readonly Claim[]; readonly end: number } {
  const claims: Claim[] = [];
  let start = 0;
  const take = (end: number): void => {
    const raw = text.slice(start, end);
    const trimmed = raw.trim();
    if (/[\p{L}\p{N}]/u.test(trimmed)) {
      const from = start + raw.indexOf(trimmed);
      claims.push({ text: trimmed, span: { start: from, end: from + trimmed.length } });
    }
    start = end;
  };
  for (const match of text.matchAll(END)) {
    const end = match.index + match[0].length;
    if (!isFinal && !/\s$/u.test(match[0])) continue;
    const isBreak = match[0].includes('\n');
    if (!isBreak && ABBREVIATION.test(text.slice(Math.max(start, end - 12), end))) continue;
    take(end);
  }
  if (isFinal) take(text.length);
  return { claims, end: start };
}
