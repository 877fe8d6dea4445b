import type { LineRange, Passage, Span } from '@espalier/core';

/** Where the words of a quote stand. */
export interface LocatedQuote {
  /** In the document. */
  readonly span: Span;
  readonly lines: LineRange;
  /** The document's own words at `span`. */
  readonly quote: string;
}

const SINGLE_QUOTES = /[‘’‚‛]/u;
const DOUBLE_QUOTES = /[“”„‟«»]/u;
const DASHES = /[‐‑‒–—]/u;

/**
 * Returns the exact place of a quote within a passage; undefined where the passage does not hold it.
 *
 * Models change what does not matter when they quote: case, white space, the form of quotation marks and dashes. Such
 * differences are looked past; the result holds the document's words, not the model's.
 */
export function locateQuote(options: {
  readonly passage: Pick<Passage, 'text' | 'span' | 'lines'>;
  readonly quote: string;
}): LocatedQuote | undefined {
  const { passage } = options;
  const wanted = plain(options.quote.trim()).text;
  if (wanted === '') return undefined;
  const held = plain(passage.text);
  const at = held.text.indexOf(wanted);
  if (at < 0) return undefined;
  const start = held.starts[at] ?? 0;
  const end = held.ends[at + wanted.length - 1] ?? start;
  const firstLine = passage.lines.start + countBreaks(passage.text, 0, start);
  return {
    span: { start: passage.span.start + start, end: passage.span.start + end },
    lines: { start: firstLine, end: firstLine + countBreaks(passage.text, start, end) },
    quote: passage.text.slice(start, end),
  };
}

/** A text in the form that quotes are compared in; for each of its units, where in the text it is from. */
function plain(text: string): { text: string; starts: number[]; ends: number[] } {
  let result = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let offset = 0;
  for (const character of text) {
    const start = offset;
    offset += character.length;
    const unified = unify(character);
    if (unified === ' ' && result.endsWith(' ')) {
      ends[ends.length - 1] = offset;
      continue;
    }
    result += unified;
    for (let n = 0; n < unified.length; n += 1) {
      starts.push(start);
      ends.push(offset);
    }
  }
  return { text: result, starts, ends };
}

function unify(character: string): string {
  if (/\s/u.test(character)) return ' ';
  if (SINGLE_QUOTES.test(character)) return "'";
  if (DOUBLE_QUOTES.test(character)) return '"';
  if (DASHES.test(character)) return '-';
  return character.toLowerCase();
}

function countBreaks(text: string, from: number, until: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < until; at = text.indexOf('\n', at + 1))
    count += 1;
  return count;
}
