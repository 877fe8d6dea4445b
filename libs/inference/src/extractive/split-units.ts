import type { PassagePart, Span } from '@espalier/core';
import type { AnswerUnit, UnitKind } from './answer-unit.js';
import { splitBlocks } from './split-blocks.js';
import { splitSentences } from './split-sentences.js';

/** Splits a passage into the units that an answer may quote, in order. */
export function splitUnits(part: PassagePart, segmenter: Intl.Segmenter): AnswerUnit[] {
  const { text } = part.passage;
  const units: AnswerUnit[] = [];
  let heading = '';
  const add = (kind: UnitKind, span: Span, block: number): void => {
    units.push({
      part,
      kind,
      span,
      text: text.slice(span.start, span.end),
      block,
      position: units.length,
      heading,
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
        for (const sentence of splitSentences(text.slice(block.span.start, block.span.end), segmenter)) {
          add('sentence', { start: block.span.start + sentence.start, end: block.span.start + sentence.end }, block.group);
        }
        break;
      case 'code':
      case 'item':
      case 'table':
        add(block.kind, block.span, block.group);
        break;
    }
  }
  return units;
}

function isCut(kind: UnitKind, span: Span, { passage }: PassagePart): boolean {
  if (kind !== 'sentence') return false;
  const text = passage.text.slice(span.start, span.end);
  const isFirst = passage.text.slice(0, span.start).trim() === '';
  const isLast = passage.text.slice(span.end).trim() === '';
  if (isFirst && passage.span.start > 0 && /^[\p{Ll},;)]/u.test(text)) return true;
  return isLast && !/[.!?:…。！？"'”’)\]*`_|]$/u.test(text) && text.length > 60;
}
