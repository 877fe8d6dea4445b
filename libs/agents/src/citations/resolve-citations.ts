import type { Citation, PassagePart, Span } from '@espalier/core';
import { bestSentence } from './best-sentence.js';

const MARKER = /\[(\d{1,3}(?:\s{0,2}[,;]\s{0,2}\d{1,3}){0,15})\]/g;
const STATEMENT_END = /[.!?。！？]["')\]]*\s|\n/g;

/** What the markers of an answer refer to. */
export interface ResolvedCitations {
  readonly citations: readonly Citation[];
  /** Numbers that are none of the passages shown. */
  readonly unknown: readonly number[];
}

/**
 * Ties the markers of an answer, `[1]` or `[2, 3]`, to the passages with these numbers.
 *
 * Each citation quotes the sentence of its passage that supports the statement before the marker best; its span is
 * exact in the document. A place that was quoted before is not quoted again.
 */
export function resolveCitations(
  answer: string,
  passageOf: (index: number) => PassagePart | undefined,
): ResolvedCitations {
  const citations: Citation[] = [];
  const unknown = new Set<number>();
  const seen = new Set<string>();
  let statement: Span = { start: 0, end: 0 };
  let markersEnd = -1;
  for (const marker of answer.matchAll(MARKER)) {
    const start = marker.index;
    // Of markers in a row, all belong to the same statement.
    if (start !== markersEnd) statement = statementBefore(answer, start, Math.max(markersEnd, 0));
    markersEnd = start + marker[0].length;
    for (const number of (marker[1] ?? '').split(/[,;]/)) {
      const index = Number(number);
      const part = passageOf(index);
      if (part === undefined) {
        unknown.add(index);
        continue;
      }
      const citation = cite(part, answer.slice(statement.start, statement.end), statement);
      const key = `${index}:${citation.span.start}:${citation.span.end}`;
      if (!seen.has(key)) citations.push(citation);
      seen.add(key);
    }
  }
  return { citations, unknown: [...unknown] };
}

/** The statement that ends where a marker stands: from the last end of a sentence, or from the marker before. */
function statementBefore(answer: string, markerStart: number, earliest: number): Span {
  const before = answer.slice(earliest, markerStart);
  const end = earliest + before.trimEnd().length;
  let start = earliest;
  for (const stop of before.trimEnd().matchAll(STATEMENT_END))
    start = earliest + stop.index + stop[0].length;
  while (start < end && /[\s.,;:]/.test(answer.charAt(start))) start += 1;
  return { start, end };
}

function cite({ index, passage }: PassagePart, statement: string, answerSpan: Span): Citation {
  const within = bestSentence(passage.text, statement);
  const quote = passage.text.slice(within.start, within.end);
  const firstLine = passage.lines.start + countLineBreaks(passage.text.slice(0, within.start));
  return {
    index,
    passageId: passage.id,
    documentId: passage.documentId,
    ...(passage.knowledgeBase === undefined ? {} : { knowledgeBase: passage.knowledgeBase }),
    source: passage.source,
    ...(passage.title === undefined ? {} : { title: passage.title }),
    ...(passage.headingPath === undefined ? {} : { headingPath: passage.headingPath }),
    span: { start: passage.span.start + within.start, end: passage.span.start + within.end },
    lines: { start: firstLine, end: firstLine + countLineBreaks(quote) },
    quote,
    answerSpan,
  };
}

function countLineBreaks(text: string): number {
  return text.split('\n').length - 1;
}
