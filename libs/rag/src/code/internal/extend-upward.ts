const ABOVE = /^\s*(?:\/\/|\/\*|\*|#|@|\[\w|--|""")/u;
/** A longer line was written by a machine; looking for its beginning again and again would cost the square of its length. */
const MAX_LINE = 1000;

/**
 * Returns the start of a declaration's own line, or that of the first of the comment, attribute and decorator lines
 * right above it, not before `floor`.
 */
export function extendUpward(text: string, start: number, floor: number): number {
  let lineStart = startOfLine(text, start, floor);
  while (lineStart > floor && text[lineStart - 1] === '\n') {
    const above = startOfLine(text, lineStart - 1, floor);
    if (!ABOVE.test(text.slice(above, lineStart))) break;
    lineStart = above;
  }
  // The declaration itself begins after the white space, which belongs to nobody.
  while (lineStart < start && /\s/u.test(text[lineStart] ?? '')) lineStart += 1;
  return lineStart;
}

/** Where the line of a place begins; the place itself where that is too far away. */
function startOfLine(text: string, at: number, floor: number): number {
  const last = Math.max(floor, at - MAX_LINE);
  let start = at;
  while (start > last && text[start - 1] !== '\n') start -= 1;
  return start === last && last > floor ? at : start;
}
