import type { PassagePart, Span } from '@espalier/core';
import type { AnswerUnit, UnitKind } from './answer-unit.js';
import { splitBlocks } from './split-blocks.js';
import { splitSentences } from './split-sentences.js';

/** Splits a passage into the units that an answer may quote, in order. */
export function splitUnits(part: PassagePart, segmenter: Intl.Segmenter): AnswerUnit[] {
  const { text } = part.passage;
  const units: AnswerUnit[] = [];
  let heading = '';
  const add = (kind: UnitKind, span: Span, block: number, head = ''): void => {
    units.push({
      part,
      kind,
      span,
      text: text.slice(span.start, span.end),
      block,
      position: units.length,
      heading,
      head,
      isCut: isCut(kind, span, part),
    });
  };
  for (const block of splitBlocks(text)) {
    switch (block.kind) {
      case 'heading':
        heading = text.slice(block.span.start, block.span.end).replace(/^\s*#+\s*|\s*#*\s*$/gu, '');
        add('heading', block.span, block.group);
        break;
      case 'paragraph':
        for (const sentence of splitSentences(
          text.slice(block.span.start, block.span.end),
          segmenter,
        )) {
          add(
            'sentence',
            { start: block.span.start + sentence.start, end: block.span.start + sentence.end },
            block.group,
          );
        }
        break;
      case 'table': {
        const { head, rows } = splitTable(text, block.span);
        for (const row of rows) add('row', row, block.group, head);
        break;
      }
      case 'code':
      case 'item':
        add(block.kind, block.span, block.group);
        break;
    }
  }
  return units;
}

/** Splits a table into its head (with the line below it, if there is one) and the spans of its rows. */
function splitTable(text: string, span: Span): { head: string; rows: Span[] } {
  const lines: Span[] = [];
  let start = span.start;
  for (const line of text.slice(span.start, span.end).split('\n')) {
    lines.push({ start, end: start + line.trimEnd().length });
    start += line.length + 1;
  }
  const rule = lines[1] === undefined ? '' : text.slice(lines[1].start, lines[1].end);
  const isRule = /^[\s|:-]+$/u.test(rule);
  return isRule
    ? { head: text.slice(span.start, lines[1]?.end), rows: lines.slice(2) }
    : { head: '', rows: lines };
}

function isCut(kind: UnitKind, span: Span, { passage }: PassagePart): boolean {
  if (kind !== 'sentence') return false;
  const text = passage.text.slice(span.start, span.end);
  const isFirst = passage.text.slice(0, span.start).trim() === '';
  const isLast = passage.text.slice(span.end).trim() === '';
  if (isFirst && passage.span.start > 0 && /^[\p{Ll},;)]/u.test(text)) return true;
  return isLast && !/[.!?:…。！？"'”’)\]*`_|]$/u.test(text) && text.length > 60;
}
