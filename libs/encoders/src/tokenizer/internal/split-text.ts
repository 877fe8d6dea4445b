/** What happens to the matches when a text is split at them, in the words of `tokenizers`. */
export type SplitBehavior =
  'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

interface Part {
  start: number;
  end: number;
  readonly isMatch: boolean;
}

/** Splits a text at the matches of a global pattern; no part is empty. */
export function splitText(
  text: string,
  options: { pattern: RegExp; behavior: SplitBehavior; isInverted?: boolean },
): string[] {
  const parts = partsOf(text, options.pattern, options.isInverted === true);
  return arrange(parts, options.behavior)
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => text.slice(start, end));
}

function partsOf(text: string, pattern: RegExp, isInverted: boolean): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const start = match.index;
    const end = start + match[0].length;
    if (start > from) parts.push({ start: from, end: start, isMatch: isInverted });
    if (end > start) parts.push({ start, end, isMatch: !isInverted });
    from = end;
  }
  if (from < text.length) parts.push({ start: from, end: text.length, isMatch: isInverted });
  return parts;
}

function arrange(parts: readonly Part[], behavior: SplitBehavior): readonly Part[] {
  switch (behavior) {
    case 'Isolated':
      return parts;
    case 'Removed':
      return parts.filter(({ isMatch }) => !isMatch);
    case 'Contiguous':
      return joined(parts, (part, before) => part.isMatch === before.isMatch);
    case 'MergedWithPrevious':
      return joined(parts, (part, before) => part.isMatch && !before.isMatch);
    case 'MergedWithNext':
      return joinedFromEnd(parts);
  }
}

/** Joins a part with the one before it where they belong together. */
function joined(
  parts: readonly Part[],
  belongs: (part: Part, before: Part) => boolean,
): readonly Part[] {
  const out: Part[] = [];
  let before: Part | undefined;
  for (const part of parts) {
    const last = out.at(-1);
    if (before !== undefined && last !== undefined && belongs(part, before)) last.end = part.end;
    else out.push({ ...part });
    before = part;
  }
  return out;
}

function joinedFromEnd(parts: readonly Part[]): readonly Part[] {
  const out: Part[] = [];
  let after: Part | undefined;
  for (const part of parts.toReversed()) {
    const last = out.at(-1);
    if (part.isMatch && after?.isMatch === false && last !== undefined) last.start = part.start;
    else out.push({ ...part });
    after = part;
  }
  return out.reverse();
}
