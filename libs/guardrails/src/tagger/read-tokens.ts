/** How a token stands to the one before it. */
export const GAP = { glued: 0, space: 1, newLine: 2, break: 3 } as const;

/** A longer run of letters and digits is no word: it is cut into pieces that carry nothing but that. */
export const MAX_WORD = 40;
/** More white space than this between two tokens parts two texts. */
export const MAX_GAP = 16;

/** The tokens of a text, in order. Units: UTF-16 code units. */
export interface Tokens {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Of `GAP`. */
  readonly gaps: readonly number[];
  /** Whether it is a piece of a run too long for a word. */
  readonly isPiece: readonly boolean[];
  /** Whether the white space behind the last one is a break. */
  readonly endsInBreak: boolean;
}

const UNKNOWN = 0;
const SPACE = 1;
const WORD = 2;
const IDEOGRAPH = 3;
const OTHER = 4;

/** Reads the tokens of `text` between `start` and `end`; the gap before the first is counted from `gapStart`. */
export type TokenReader = (text: string, start: number, end: number, gapStart?: number) => Tokens;

/** Makes a reader of tokens: words, single signs, and single ideographs. Linear in the text. */
export function createTokenReader(): TokenReader {
  const classes = new Uint8Array(0x1_00_00);
  const classOf = (code: number): number => {
    const known = classes[code] ?? UNKNOWN;
    return known === UNKNOWN ? (classes[code] = classify(code)) : known;
  };
  return (text, start, end, gapFrom = start) => {
    const starts: number[] = [];
    const ends: number[] = [];
    const gaps: number[] = [];
    const isPiece: boolean[] = [];
    let position = start;
    let gapStart = gapFrom;
    let newLines = countNewLines(text, gapFrom, start);
    const add = (to: number, piece: boolean): void => {
      const width = position - gapStart;
      gaps.push(gapOf(width, newLines));
      starts.push(position);
      ends.push(to);
      isPiece.push(piece);
      position = to;
      gapStart = to;
      newLines = 0;
    };
    while (position < end) {
      const code = text.charCodeAt(position);
      const kind = classOf(code);
      if (kind === SPACE) {
        if (code === 10) newLines += 1;
        position += 1;
      } else if (kind === WORD) {
        let to = position + 1;
        while (to < end && classOf(text.charCodeAt(to)) === WORD) to += 1;
        const isInside = position > 0 && classOf(text.charCodeAt(position - 1)) === WORD;
        const isLong = isInside || to - position > MAX_WORD;
        while (position < to) add(Math.min(to, position + MAX_WORD), isLong);
      } else {
        const isPair = code >= 0xd8_00 && code < 0xdc_00 && isLowSurrogate(text, position + 1, end);
        add(position + (isPair ? 2 : 1), false);
      }
    }
    return {
      starts,
      ends,
      gaps,
      isPiece,
      endsInBreak: gapOf(position - gapStart, newLines) === GAP.break,
    };
  };
}

function isLowSurrogate(text: string, position: number, end: number): boolean {
  const code = position < end ? text.charCodeAt(position) : 0;
  return code >= 0xdc_00 && code < 0xe0_00;
}

function classify(code: number): number {
  const character = String.fromCharCode(code);
  if (/\s/.test(character)) return SPACE;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)) return IDEOGRAPH;
  return /[\p{L}\p{N}\p{M}]/u.test(character) ? WORD : OTHER;
}

function gapOf(width: number, newLines: number): number {
  if (newLines > 1 || width > MAX_GAP) return GAP.break;
  if (newLines === 1) return GAP.newLine;
  return width > 0 ? GAP.space : GAP.glued;
}

function countNewLines(text: string, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index += 1) if (text.charCodeAt(index) === 10) count += 1;
  return count;
}
