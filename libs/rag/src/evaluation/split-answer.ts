import type { Span } from '@espalier/core';

/** One statement of an answer, with the passages that it cites. */
export interface AnswerClaim {
  /** Without the markers. */
  readonly text: string;
  readonly span: Span;
  /** Numbers of the markers that belong to it, each once. */
  readonly citations: readonly number[];
}

const MARKER = /\[(\d{1,3}(?:\s{0,2}[,;]\s{0,2}\d{1,3}){0,15})\]/gu;
const FENCE = /^[ \t]{0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]{0,3}\1[ \t]*$|(?![\s\S]))/gmu;
const HEADING = /^\s{0,3}#{1,6}\s/u;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Returns the statements of an answer: its sentences, list items, table rows and blocks of code; headings are none.
 *
 * A marker, `[1]` or `[2, 3]`, belongs to the sentence that it stands in or right behind; one on a line of its own to what
 * stands above it.
 */
export function splitAnswer(answer: string, language = 'en'): AnswerClaim[] {
  // Blanks in the place of markers keep every offset.
  const text = answer.replaceAll(MARKER, (marker) => ' '.repeat(marker.length));
  const claims: { text: string; span: Span; citations: number[] }[] = [];
  const ends: number[] = [];
  for (const { start, end } of statements(text, language)) {
    const part = text.slice(start, end);
    const trimmed = part.trim();
    if (!WORD.test(trimmed) || HEADING.test(part)) continue;
    const from = start + part.indexOf(trimmed);
    const shown = trimmed.replaceAll(/\s{2,}/gu, (gap) => (gap.includes('\n') ? gap : ' '));
    claims.push({
      text: shown.replace(/\s+(?=[.!?,;:])/gu, ''),
      span: { start: from, end: from + trimmed.length },
      citations: [],
    });
    ends.push(start);
  }
  for (const marker of answer.matchAll(MARKER)) {
    const at = ends.findLastIndex((start) => start <= marker.index);
    const claim = claims[Math.max(0, at)];
    if (claim === undefined) continue;
    for (const number of (marker[1] ?? '').split(/[,;]/u).map(Number))
      if (!claim.citations.includes(number)) claim.citations.push(number);
  }
  return claims;
}

function* statements(text: string, language: string): Generator<Span> {
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    yield* sentences(text, { start: from, end: fence.index }, language);
    from = fence.index + fence[0].length;
    yield { start: fence.index, end: from };
  }
  yield* sentences(text, { start: from, end: text.length }, language);
}

function* sentences(text: string, { start, end }: Span, language: string): Generator<Span> {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  let from = start;
  for (const line of text.slice(start, end).split(/(?<=\n)/u)) {
    for (const { index, segment } of segmenter.segment(line))
      yield { start: from + index, end: from + index + segment.length };
    from += line.length;
  }
}
