/** A piece of a text, and whether it is one of the matches. */
export interface MatchPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Cuts a text at its matches; those that overlap or lie outside are left out. */
export function markMatches(
  text: string,
  matches: readonly { readonly start: number; readonly end: number }[],
): MatchPart[] {
  const parts: MatchPart[] = [];
  let from = 0;
  for (const { start, end } of matches.toSorted((a, b) => a.start - b.start)) {
    if (start < from || end > text.length || start >= end) continue;
    if (start > from) parts.push({ text: text.slice(from, start), isMatch: false });
    parts.push({ text: text.slice(start, end), isMatch: true });
    from = end;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isMatch: false });
  return parts;
}
