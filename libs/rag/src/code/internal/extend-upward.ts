const ABOVE = /^\s*(?:\/\/|\/\*|\*|#|@|\[\w|--|""")/u;

/**
 * Returns the start of a declaration's own line, or that of the first of the comment, attribute and decorator lines
 * right above it, not before `floor`.
 */
export function extendUpward(text: string, start: number, floor: number): number {
  let lineStart = Math.max(floor, text.lastIndexOf('\n', start - 1) + 1);
  while (lineStart > floor) {
    const above = Math.max(floor, text.lastIndexOf('\n', lineStart - 2) + 1);
    if (!ABOVE.test(text.slice(above, lineStart))) break;
    lineStart = above;
  }
  // The declaration itself begins after the white space, which belongs to nobody.
  while (lineStart < start && /\s/u.test(text[lineStart] ?? '')) lineStart += 1;
  return lineStart;
}
