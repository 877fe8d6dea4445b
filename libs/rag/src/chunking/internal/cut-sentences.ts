import type { Document, Span } from '@espalier/core';
import { cutAtBlankLines, cutAtSentences, trimSpan } from './cut-places.js';
import { createSectionScanner, type Section } from './sections.js';
import { spansWithin } from './spans-within.js';

/** A sentence (or a heading, a code block, a table) of a document, without white space at its ends. */
export interface Sentence extends Span {
  readonly section: Section;
}

/** Yields the sentences of a document, in order; together they hold all text that is not white space. */
export function* cutSentences(document: Document): Generator<Sentence> {
  const { text, atoms = [] } = document;
  for (const section of createSectionScanner(document)) {
    const heading = trimSpan(text, { start: section.start, end: section.bodyStart });
    if (heading !== undefined) yield { ...heading, section };
    const body = { start: section.bodyStart, end: section.end };
    let from = body.start;
    for (const atom of [...spansWithin(atoms, body), { start: body.end, end: body.end }]) {
      for (const paragraph of cutAtBlankLines(text, { start: from, end: atom.start })) {
        for (const part of cutAtSentences(text, paragraph)) {
          const sentence = trimSpan(text, part);
          if (sentence !== undefined) yield { ...sentence, section };
        }
      }
      const whole = trimSpan(text, atom);
      if (whole !== undefined) yield { ...whole, section };
      from = atom.end;
    }
  }
}
