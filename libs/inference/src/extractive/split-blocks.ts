import type { Span } from '@espalier/core';

/** A block of a text, as Markdown sees it. Plain text has paragraphs only. */
export interface TextBlock {
  readonly kind: 'paragraph' | 'heading' | 'code' | 'item' | 'table';
  readonly span: Span;
  /** The items of one list share it, as does a block with itself. */
  readonly group: number;
}

interface Line {
  readonly text: string;
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
}

const FENCE = /^\s{0,3}(`{3,}|~{3,})/u;
const HEADING = /^\s{0,3}#{1,6}\s/u;
const ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+\S/u;
const TABLE_ROW = /^\s*\|.*\|\s*$/u;
const INDENTED_CODE = /^(?: {4}|\t)/u;
/** Rules, front matter fences, comments, link definitions, lone images and badges: nothing to quote. */
const NOISE =
  /^\s*(?:[-*_=]{3,}|<!--.*-->|\[[^\]]+\]:\s+\S+.*|(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+|<\/?[a-z][^>]*>)\s*$/iu;

/** Splits a text into blocks, in order; blank lines and what cannot be quoted belong to none. */
export function splitBlocks(text: string): TextBlock[] {
  const lines = splitLines(text);
  const blocks: TextBlock[] = [];
  let group = 0;
  let at = 0;
  let lastWasBlank = true;

  const take = (kind: TextBlock['kind'], count: number, joinsList = false): void => {
    const first = lines[at];
    const last = lines[at + count - 1];
    if (first === undefined || last === undefined) return;
    if (!joinsList) group += 1;
    blocks.push({ kind, span: { start: first.start, end: last.end }, group });
    at += count;
    lastWasBlank = false;
  };
  const countWhile = (from: number, accept: (line: Line, index: number) => boolean): number => {
    let index = from;
    for (let line = lines[index]; line !== undefined && accept(line, index); line = lines[index])
      index += 1;
    return index - at;
  };

  for (let line = lines[at]; line !== undefined; line = lines[at]) {
    const fence = FENCE.exec(line.text)?.[1];
    const previous = blocks.at(-1);
    if (line.text.trim() === '') {
      lastWasBlank = true;
      at += 1;
    } else if (fence !== undefined) {
      const closing = new RegExp(
        `^\\s{0,3}${fence[0] === '`' ? '`' : '~'}{${fence.length},}\\s*$`,
        'u',
      );
      const body = countWhile(at + 1, (next) => !closing.test(next.text));
      take('code', Math.min(body + 1, lines.length - at));
    } else if (NOISE.test(line.text)) {
      at += 1;
    } else if (HEADING.test(line.text)) {
      take('heading', 1);
    } else if (TABLE_ROW.test(line.text)) {
      take(
        'table',
        countWhile(at, (next) => TABLE_ROW.test(next.text)),
      );
    } else if (ITEM.test(line.text)) {
      take(
        'item',
        countWhile(at + 1, (next) => continuesItem(next)),
        previous?.kind === 'item',
      );
    } else if (INDENTED_CODE.test(line.text) && lastWasBlank && previous?.kind !== 'item') {
      take(
        'code',
        countWhile(at, (next) => INDENTED_CODE.test(next.text)),
      );
    } else {
      take(
        'paragraph',
        countWhile(at + 1, (next) => continuesParagraph(next)),
      );
    }
  }
  return blocks;
}

function startsBlock(line: Line): boolean {
  return [FENCE, HEADING, ITEM, TABLE_ROW, NOISE].some((pattern) => pattern.test(line.text));
}

function continuesItem(line: Line): boolean {
  return line.text.trim() !== '' && !startsBlock(line);
}

function continuesParagraph(line: Line): boolean {
  return line.text.trim() !== '' && !startsBlock(line);
}

function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    const feed = text.indexOf('\n', start);
    const next = feed === -1 ? text.length : feed;
    const end = text[next - 1] === '\r' && next > start ? next - 1 : next;
    lines.push({ text: text.slice(start, end), start, end });
    if (feed === -1) break;
    start = feed + 1;
  }
  return lines;
}
