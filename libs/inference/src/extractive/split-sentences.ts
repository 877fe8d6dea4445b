import type { Span } from '@espalier/core';

/** Abbreviations after which no sentence ends. */
const ABBREVIATION =
  /(?:^|[\s([])(?:e\.g|i\.e|cf|vs|etc|Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|No|Nr|Fig|Figs|Eq|Sec|Ch|Vol|al|approx|ca|bzw|z\.\s?B|d\.\s?h|usw|[A-Z])\.["')\]]?\s*$/u;

/** Returns the spans of a text's sentences, in the text's offsets, without the white space around them. */
export function splitSentences(text: string, segmenter: Intl.Segmenter): Span[] {
  // Same length: a line break inside a paragraph ends a sentence for the segmenter, but not for a reader.
  const flat = text.replace(/[\r\n\t]/gu, ' ');
  const spans: { start: number; end: number }[] = [];
  for (const { index, segment } of segmenter.segment(flat)) {
    const last = spans.at(-1);
    const before = last === undefined ? '' : flat.slice(last.start, index);
    if (last !== undefined && (ABBREVIATION.test(before) || hasOpenQuote(before)))
      last.end = index + segment.length;
    else spans.push({ start: index, end: index + segment.length });
  }
  return spans.map((span) => trimSpan(flat, span)).filter((span) => span.end > span.start);
}

function trimSpan(text: string, span: Span): Span {
  const slice = text.slice(span.start, span.end);
  return {
    start: span.start + (slice.length - slice.trimStart().length),
    end: span.end - (slice.length - slice.trimEnd().length),
  };
}

/** Whether a code span or a bracket is still open, so that the sentence goes on. */
function hasOpenQuote(text: string): boolean {
  if (text.length > 600) return false;
  const ticks = text.split('`').length - 1;
  return ticks % 2 === 1 || text.split('(').length > text.split(')').length;
}
