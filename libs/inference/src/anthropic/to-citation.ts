import type { Citation, PassagePart, Span } from '@espalier/core';
import type { WireCitation } from './message-wire-schema.js';

/**
 * Reads a citation of the wire; `undefined` when it is not of a passage, or its words do not stand there.
 *
 * The wire counts characters where JavaScript counts UTF-16 code units, so the words decide.
 */
export function toCitation(
  wire: WireCitation,
  documents: readonly (PassagePart | undefined)[],
  answerSpan: Span | undefined,
): Citation | undefined {
  const part = typeof wire.document_index === 'number' ? documents[wire.document_index] : undefined;
  const words = wire.cited_text?.trimEnd() ?? '';
  if (wire.type !== 'char_location' || part === undefined || words === '') return undefined;
  const { passage } = part;
  const start = nearest(passage.text, words, wire.start_char_index ?? 0);
  if (start === -1) return undefined;
  const firstLine = passage.lines.start + passage.text.slice(0, start).split('\n').length - 1;
  return {
    index: part.index,
    passageId: passage.id,
    documentId: passage.documentId,
    ...(passage.knowledgeBase === undefined ? {} : { knowledgeBase: passage.knowledgeBase }),
    source: passage.source,
    ...(passage.title === undefined ? {} : { title: passage.title }),
    ...(passage.headingPath === undefined ? {} : { headingPath: passage.headingPath }),
    span: { start: passage.span.start + start, end: passage.span.start + start + words.length },
    lines: { start: firstLine, end: firstLine + words.split('\n').length - 1 },
    quote: words,
    ...(answerSpan === undefined ? {} : { answerSpan }),
  };
}

/** Where the words stand at or after the place named: in code units they can only stand later. */
function nearest(text: string, words: string, from: number): number {
  const after = text.indexOf(words, from);
  return after === -1 ? text.indexOf(words) : after;
}
