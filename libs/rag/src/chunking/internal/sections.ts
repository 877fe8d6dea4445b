import type { Document, DocumentHeading } from '@espalier/core';

/** A part of a document under one heading. */
export interface Section {
  readonly start: number;
  readonly end: number;
  /** Where the text after the heading's own lines begins. */
  readonly bodyStart: number;
  readonly headingPath: readonly string[];
}

/**
 * Yields the parts of a document between its headings, in order; together they are the whole text.
 *
 * A heading with nothing below it belongs to the part of the next heading.
 */
export function* createSectionScanner(document: Document): Iterable<Section> {
  const headings = document.headings ?? [];
  const { text } = document;
  const path: DocumentHeading[] = [];
  let start = 0;
  let bodyStart = 0;
  const sectionUntil = (end: number): Section => ({
    start,
    end,
    bodyStart,
    headingPath: path.map((heading) => heading.text),
  });
  for (const heading of headings) {
    const { span, level } = heading;
    if (text.slice(bodyStart, span.start).trim() !== '') {
      yield sectionUntil(span.start);
      start = span.start;
    }
    while ((path.at(-1)?.level ?? 0) >= level) path.pop();
    path.push(heading);
    bodyStart = Math.max(bodyStart, span.end);
  }
  yield sectionUntil(text.length);
}
