import type { FlatDeclaration } from '../declaration.js';
import { extendUpward } from './extend-upward.js';

const HEADERS = {
  python: /^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([\p{L}_][\p{L}\p{N}_]*)/u,
  ruby: /^[ \t]*(?:(?:private|public|protected)[ \t]+)?(?:def|class|module)[ \t]+([\p{L}_][\p{L}\p{N}_.:?!=]*)/u,
};
const TAB_WIDTH = 8;

interface Line {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
  readonly isCode: boolean;
  /** Whether it continues what a bracket or string of an earlier line began. */
  readonly isContinued: boolean;
}

/**
 * Finds the declarations of code whose blocks are told by indentation (Python; Ruby as it is written).
 *
 * A block ends before the first line of code that is not indented more than its header; an `end` at the header's own
 * indentation belongs to it. `masked` is the code with comments and strings blank. Cost: linear.
 */
export function outlineIndentation(
  text: string,
  masked: string,
  language: 'python' | 'ruby',
): FlatDeclaration[] {
  const found: FlatDeclaration[] = [];
  const open: { name: string; start: number; indent: number }[] = [];
  let lastCodeEnd = 0;
  /** The end of the last code that is no decorator of what comes. */
  let floor = 0;
  const close = (end: number): void => {
    const block = open.pop();
    if (block !== undefined) found.push({ name: block.name, start: block.start, end });
  };
  for (const line of linesOf(masked)) {
    if (!line.isCode) continue;
    if (!line.isContinued) {
      const words = masked.slice(line.start, line.end);
      const isEnd = language === 'ruby' && /^\s*end\b/u.test(words);
      while ((open.at(-1)?.indent ?? -1) >= line.indent) {
        const isOwnEnd = isEnd && open.at(-1)?.indent === line.indent;
        close(isOwnEnd ? line.end : lastCodeEnd);
        if (isOwnEnd) break;
      }
      const name = HEADERS[language].exec(words)?.[1];
      if (name !== undefined) {
        const first = line.start + words.length - words.trimStart().length;
        open.push({ name, start: extendUpward(text, first, floor), indent: line.indent });
      }
    }
    lastCodeEnd = line.end;
    if (!/^\s*@/u.test(masked.slice(line.start, line.end))) floor = line.end;
  }
  while (open.length > 0) close(lastCodeEnd);
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

function* linesOf(masked: string): Generator<Line> {
  let depth = 0;
  let isContinued = false;
  for (let start = 0; start <= masked.length;) {
    const newline = masked.indexOf('\n', start);
    const lineEnd = newline < 0 ? masked.length : newline;
    const words = masked.slice(start, lineEnd);
    const kept = words.trimEnd();
    yield {
      start,
      end: start + kept.length,
      indent: indentOf(words),
      isCode: kept !== '',
      isContinued,
    };
    for (const bracket of kept.matchAll(/[()[\]{}]/gu))
      depth = Math.max(0, depth + ('([{'.includes(bracket[0]) ? 1 : -1));
    isContinued = depth > 0 || kept.endsWith('\\');
    start = lineEnd + 1;
  }
}

function indentOf(line: string): number {
  let indent = 0;
  for (const character of line) {
    if (character === ' ') indent += 1;
    else if (character === '\t') indent += TAB_WIDTH - (indent % TAB_WIDTH);
    else break;
  }
  return indent;
}
