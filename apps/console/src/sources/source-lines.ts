/** A half-open range of a text, in UTF-16 code units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** One line of a document with what of it is marked. */
export interface SourceLine {
  /** From 1. */
  readonly number: number;
  readonly parts: readonly { readonly text: string; readonly isMarked: boolean }[];
}

/** Cuts a text into lines and tells what of each lies within `marked`. */
export function splitSourceLines(text: string, marked: TextRange | undefined): SourceLine[] {
  const lines: SourceLine[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    lines.push({ number: lines.length + 1, parts: partsOf(line, start, end, marked) });
    start = end + 1;
  }
  return lines;
}

/**
 * Finds where a quote stands in a document: at its span, or elsewhere if the document was changed since.
 *
 * Returns `undefined` when the words are no longer there.
 */
export function locateQuote(options: {
  text: string;
  span: TextRange;
  quote: string;
}): TextRange | undefined {
  const { text, span, quote } = options;
  if (text.slice(span.start, span.end) === quote) return span;
  const start = quote === '' ? -1 : text.indexOf(quote);
  return start < 0 ? undefined : { start, end: start + quote.length };
}

function partsOf(
  line: string,
  start: number,
  end: number,
  marked: TextRange | undefined,
): SourceLine['parts'] {
  if (marked === undefined || marked.end <= start || marked.start > end) {
    return [{ text: line, isMarked: false }];
  }
  const from = Math.max(0, marked.start - start);
  const to = Math.min(line.length, marked.end - start);
  return [
    { text: line.slice(0, from), isMarked: false },
    { text: line.slice(from, to), isMarked: true },
    { text: line.slice(to), isMarked: false },
  ].filter((part) => part.text !== '');
}
