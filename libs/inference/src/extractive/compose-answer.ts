import type { Citation, LineRange, Span } from '@espalier/core';
import type { AnswerUnit } from './answer-unit.js';

/** A piece of an answer, with what it cites. */
export interface AnswerPiece {
  readonly text: string;
  readonly citation?: Citation;
}

/** Writes the units of an answer, each followed by its visible marker, with the exact place it was taken from. */
export function composeAnswer(groups: readonly (readonly AnswerUnit[])[]): AnswerPiece[] {
  const pieces: AnswerPiece[] = [];
  let length = 0;
  let before: AnswerUnit | undefined;
  for (const unit of groups.flat()) {
    const follows = before?.part === unit.part && before.block === unit.block;
    const gap = `${before === undefined ? '' : gapBetween(before, unit)}${follows || unit.head === '' ? '' : `${unit.head}\n`}`;
    const body = showUnit(unit);
    const marker = markerOf(unit);
    const answerSpan = { start: length + gap.length, end: length + gap.length + body.length };
    const text = `${gap}${body}${marker}`;
    pieces.push({ text, citation: citationOf(unit, answerSpan) });
    length += text.length;
    before = unit;
  }
  return pieces;
}

/** A row's marker goes into its last cell, a block of code's below it. */
function markerOf({ kind, part }: AnswerUnit): string {
  if (kind === 'row') return ` [${part.index}] |`;
  return kind === 'code' ? `\n\n[${part.index}]` : ` [${part.index}]`;
}

function gapBetween(before: AnswerUnit, unit: AnswerUnit): string {
  if (
    before.kind === 'sentence' &&
    unit.kind === 'sentence' &&
    before.part === unit.part &&
    before.block === unit.block
  )
    return ' ';
  if (
    (unit.kind === 'item' || unit.kind === 'row') &&
    before.kind === unit.kind &&
    before.block === unit.block &&
    before.part === unit.part
  )
    return '\n';
  return '\n\n';
}

function showUnit(unit: AnswerUnit): string {
  switch (unit.kind) {
    case 'code':
      return showCode(unit.text);
    case 'row':
      return unit.text.replace(/\s*\|\s*$/u, '');
    case 'item':
      return unit.text.replace(/\s*\n\s*/gu, ' ').trim();
    case 'sentence':
    case 'heading':
      return unit.text.replace(/^>\s?/gmu, '').replace(/\s+/gu, ' ');
  }
}

/** Closes a fence that the passage's end cut off, so that the rest of the answer is not taken for code. */
function showCode(text: string): string {
  const fence = /^\s*(`{3,}|~{3,})/u.exec(text)?.[1];
  if (
    fence === undefined ||
    text.trimEnd().endsWith(`\n${fence}`) ||
    new RegExp(`\\n\\s*${fence}\\s*$`, 'u').test(text)
  )
    return text;
  return `${text}\n${fence}`;
}

function citationOf(unit: AnswerUnit, answerSpan: Span): Citation {
  const { index, passage } = unit.part;
  return {
    index,
    passageId: passage.id,
    documentId: passage.documentId,
    ...(passage.knowledgeBase === undefined ? {} : { knowledgeBase: passage.knowledgeBase }),
    source: passage.source,
    ...(passage.title === undefined ? {} : { title: passage.title }),
    ...(passage.headingPath === undefined ? {} : { headingPath: passage.headingPath }),
    span: { start: passage.span.start + unit.span.start, end: passage.span.start + unit.span.end },
    lines: linesOf(unit),
    quote: unit.text,
    answerSpan,
  };
}

function linesOf({ part, span }: AnswerUnit): LineRange {
  const { text, lines } = part.passage;
  const start = lines.start + countBreaks(text, 0, span.start);
  return { start, end: start + countBreaks(text, span.start, span.end) };
}

function countBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1))
    count += 1;
  return count;
}
