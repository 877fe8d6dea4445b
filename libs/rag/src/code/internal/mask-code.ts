import type { CodeLanguage } from '../code-language.js';

/** How a language writes what is no code. */
interface Syntax {
  readonly lineComments: readonly string[];
  readonly blockComment?: readonly [string, string];
  /** Marks of strings, longer ones first; those that may hold line breaks. */
  readonly strings: readonly { readonly mark: string; readonly isMultiline: boolean }[];
  /** Whether `'` may also mark a lifetime or a label (Rust). */
  readonly hasLifetimes?: boolean;
  /** Whether `/…/` may be a regular expression. */
  readonly hasRegex?: boolean;
}

const SLASHES = { lineComments: ['//'], blockComment: ['/*', '*/'] } as const;
const single = (mark: string) => ({ mark, isMultiline: false });
const multiline = (mark: string) => ({ mark, isMultiline: true });
const PLAIN = [single('"'), single("'")];
const TRIPLE = [multiline('"""'), ...PLAIN];
const SCRIPT: Syntax = { ...SLASHES, strings: [...PLAIN, multiline('`')], hasRegex: true };

const SYNTAX: Readonly<Record<CodeLanguage, Syntax>> = {
  bash: { lineComments: ['#'], strings: [multiline('"'), multiline("'")] },
  c: { ...SLASHES, strings: PLAIN },
  cpp: { ...SLASHES, strings: PLAIN },
  csharp: { ...SLASHES, strings: TRIPLE },
  go: { ...SLASHES, strings: [...PLAIN, multiline('`')] },
  java: { ...SLASHES, strings: TRIPLE },
  javascript: SCRIPT,
  kotlin: { ...SLASHES, strings: TRIPLE },
  php: { ...SLASHES, lineComments: ['//', '#'], strings: [multiline('"'), multiline("'")] },
  python: {
    lineComments: ['#'],
    strings: [multiline('"""'), multiline("'''"), ...PLAIN],
  },
  ruby: { lineComments: ['#'], strings: [multiline('"'), multiline("'"), single('`')] },
  rust: { ...SLASHES, strings: [multiline('"'), single("'")], hasLifetimes: true },
  scala: { ...SLASHES, strings: TRIPLE },
  swift: { ...SLASHES, strings: [multiline('"""'), single('"')] },
  tsx: SCRIPT,
  typescript: SCRIPT,
};

const REGEX_BEFORE = /(?:[(,=:[!&|?{};+\-*%<>~^]|\breturn|\btypeof|\bcase)\s*$|^\s*$/u;
const LOOK_BACK = 24;

/**
 * Returns a code text of the same length in which comments and the insides of strings are blank, line breaks kept.
 *
 * A string without an end, if it may not hold line breaks, ends with its line. Cost: linear.
 */
export function maskCode(text: string, language: CodeLanguage): string {
  const syntax = SYNTAX[language];
  const kept: string[] = [];
  let from = 0;
  const blank = (start: number, end: number): void => {
    kept.push(text.slice(from, start), text.slice(start, end).replaceAll(/[^\n]/gu, ' '));
    from = end;
  };
  const openers = openersOf(syntax);
  for (let match = openers.exec(text); match !== null; match = openers.exec(text)) {
    const at = match.index;
    const [opener] = match;
    let end: number;
    if (syntax.lineComments.includes(opener)) {
      end = indexOrEnd(text, '\n', at);
      blank(at, end);
    } else if (opener === syntax.blockComment?.[0]) {
      const close = text.indexOf(syntax.blockComment[1], at + opener.length);
      end = close < 0 ? text.length : close + syntax.blockComment[1].length;
      blank(at, end);
    } else if (opener === '/') {
      if (!REGEX_BEFORE.test(lineBefore(text, at))) continue;
      end = endOfRegex(text, at);
      if (end > at) blank(at, end);
      else end = at + 1;
    } else {
      end = endOfString(text, at, opener, syntax);
      // The closing mark is blank as well: alone on a line it is no code of that line's own.
      blank(Math.min(at + opener.length, end), end);
    }
    openers.lastIndex = Math.max(end, at + 1);
  }
  kept.push(text.slice(from));
  return kept.join('');
}

function openersOf(syntax: Syntax): RegExp {
  const marks = [
    ...syntax.lineComments,
    ...(syntax.blockComment === undefined ? [] : [syntax.blockComment[0]]),
    ...syntax.strings.map(({ mark }) => mark),
    ...(syntax.hasRegex === true ? ['/'] : []),
  ];
  return new RegExp(marks.map((mark) => mark.replaceAll(/[*/]/gu, '\\$&')).join('|'), 'gu');
}

function endOfString(text: string, at: number, mark: string, syntax: Syntax): number {
  const start = at + mark.length;
  if (mark === "'" && syntax.hasLifetimes === true && !isCharacter(text, start)) return start;
  const isMultiline = syntax.strings.find((string) => string.mark === mark)?.isMultiline === true;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') index += 1;
    else if (character === '\n' && !isMultiline) return index;
    else if (character === mark[0] && text.startsWith(mark, index)) return index + mark.length;
  }
  return text.length;
}

/** Whether a `'` of Rust begins a character: `'a'`, `'\n'`, and not a lifetime: `'a`. */
function isCharacter(text: string, start: number): boolean {
  const length = (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
  return text[start] === '\\' || text[start + length] === "'";
}

function endOfRegex(text: string, at: number): number {
  let isInClass = false;
  for (let index = at + 1; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\n') return at;
    if (character === '\\') index += 1;
    else if (character === '[') isInClass = true;
    else if (character === ']') isInClass = false;
    else if (character === '/' && !isInClass) return index + 1;
  }
  return at;
}

function lineBefore(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - LOOK_BACK), at);
  return before.slice(before.lastIndexOf('\n') + 1);
}

function indexOrEnd(text: string, mark: string, from: number): number {
  const index = text.indexOf(mark, from);
  return index < 0 ? text.length : index;
}
