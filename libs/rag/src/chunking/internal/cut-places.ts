import type { Span } from '@espalier/core';

/** Cuts a span of a text into parts; what stands between parts is white space at most. */
export type Cut = (text: string, span: Span) => Span[];

const NEWLINE = 0x0a;
const OTHER = 0;
const SENTENCE_END = 1;
const CLOSER = 2;
const WHITE_SPACE = 3;
const IDEOGRAPHIC_END = 4;
/** What each of the first characters is to a sentence; a table, for every character of a long text is looked up. */
const KINDS = Uint8Array.from({ length: 0x80 }, (_, code) => kindOf(code));
const CLAUSE = /(?<=[,;:])\s+|(?<=[、，；])/gu;
const WORD = /\s+/gu;

/** The cuts of running text, from the best places to the worst. */
export const CUTS: readonly Cut[] = [
  cutAtBlankLines,
  cutAtLines,
  cutAtSentences,
  (text, span) => cutWhere(text, span, CLAUSE),
  (text, span) => cutWhere(text, span, WORD),
];

/** The first of {@link CUTS} whose parts are small enough to be measured one by one. */
export const SENTENCE_CUT = 2;

/** Cuts where a line is blank. */
export function cutAtBlankLines(text: string, span: Span): Span[] {
  const parts: Span[] = [];
  let from = span.start;
  let at = text.indexOf('\n', from);
  while (at >= 0 && at < span.end) {
    let next = at + 1;
    while (next < span.end && isBlank(text.charCodeAt(next))) next += 1;
    if (next < span.end && text.charCodeAt(next) === NEWLINE) {
      if (at > from) parts.push({ start: from, end: at });
      from = next + 1;
      at = text.indexOf('\n', from);
    } else at = text.indexOf('\n', at + 1);
  }
  if (from < span.end) parts.push({ start: from, end: span.end });
  return parts;
}

/** Cuts after the end of a sentence: its mark, closing quotes and brackets, then white space (none after `。`). */
export function cutAtSentences(text: string, span: Span): Span[] {
  const parts: Span[] = [];
  let from = span.start;
  /** Whether what stands before `at` ends a sentence. */
  let isEnd = false;
  for (let at = span.start; at < span.end; at += 1) {
    const code = text.charCodeAt(at);
    const kind = code < 0x80 ? KINDS[code] : kindOf(code);
    if (kind === OTHER) isEnd = false;
    else if (kind === SENTENCE_END) isEnd = true;
    else if (kind === IDEOGRAPHIC_END) {
      parts.push({ start: from, end: at + 1 });
      from = at + 1;
      isEnd = false;
    } else if (kind === WHITE_SPACE && isEnd) {
      parts.push({ start: from, end: at });
      while (at + 1 < span.end && isWhiteSpace(text.charCodeAt(at + 1))) at += 1;
      from = at + 1;
      isEnd = false;
    }
  }
  if (from < span.end) parts.push({ start: from, end: span.end });
  return parts;
}

/** Cuts a span at whole characters into parts of at most `size` units, and at least two. */
export function cutCharacters(text: string, span: Span, size: number): Span[] {
  const length = Math.max(1, Math.min(size, Math.ceil((span.end - span.start) / 2)));
  const parts: Span[] = [];
  for (let start = span.start; start < span.end;) {
    let end = Math.min(span.end, start + length);
    if (end < span.end && isLowSurrogate(text.charCodeAt(end))) end += 1;
    parts.push({ start, end });
    start = end;
  }
  return parts;
}

/** The span without white space at its ends; undefined where nothing is left. */
export function trimSpan(text: string, span: Span): Span | undefined {
  let { start, end } = span;
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1;
  return start < end ? { start, end } : undefined;
}

function cutAtLines(text: string, span: Span): Span[] {
  const parts: Span[] = [];
  let from = span.start;
  for (
    let at = text.indexOf('\n', from);
    at >= 0 && at < span.end;
    at = text.indexOf('\n', at + 1)
  ) {
    if (at > from) parts.push({ start: from, end: at });
    from = at + 1;
  }
  if (from < span.end) parts.push({ start: from, end: span.end });
  return parts;
}

function cutWhere(text: string, span: Span, places: RegExp): Span[] {
  const raw = text.slice(span.start, span.end);
  const parts: Span[] = [];
  let from = 0;
  for (const { index, 0: gap } of raw.matchAll(places)) {
    if (index > from) parts.push({ start: span.start + from, end: span.start + index });
    from = index + gap.length;
  }
  if (from < raw.length) parts.push({ start: span.start + from, end: span.end });
  return parts;
}

/** White space as `String.prototype.trim` and `\s` know it. */
function isWhiteSpace(code: number): boolean {
  if (code < 0xa0) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x2000) return code === 0xa0 || code === 0x1680;
  return (
    code <= 0x200a ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function kindOf(code: number): number {
  if (isWhiteSpace(code)) return WHITE_SPACE;
  const character = String.fromCharCode(code);
  if ('.!?…'.includes(character)) return SENTENCE_END;
  if ('"\'”’)]'.includes(character)) return CLOSER;
  return '。！？'.includes(character) ? IDEOGRAPHIC_END : OTHER;
}
