/** A part of a text that is judged by itself: what is new in it, and where its context begins. */
export interface TextWindow {
  /** Where the context before the window begins. Units: UTF-16 code units. */
  readonly contextStart: number;
  readonly start: number;
  readonly end: number;
}

/** A window ends with the first sentence that ends behind this length. */
const USUAL = 200;
/** Without a sentence end it ends with a word. */
const LONG = 400;
/** Without white space, as in encoded text, it ends here. */
const LONGEST = 4_096;
/** How much of the text before a window is seen with it. */
const CONTEXT = 80;
const IS_ASCII = /^[\0-\x7F]*$/;
const SHOWS_NOTHING = /^[\p{Cf}\p{M}]$/u;
/** Morse code and binary digits take some five characters for one. */
const CODE = /^[.\-·•–−/|01 ]{64,}$/;
const CODE_LENGTH = 5;
/** Letters one by one; what stands between them does not count either. */
const SPELT = /(?:[^\s]([ .\-_*|/,~])(?:[^\s]\1){7})/;
const GAP = /^[ .\-_*|/,~]$/;
const SENTENCE_END = /[.!?。！？…]["')\]]?\s|\n/;

/** The most that stands between the beginning of a window and its end. */
export const LONGEST_WINDOW = LONGEST;
/** How much of the text before a window is needed. */
export const WINDOW_CONTEXT = CONTEXT;

/**
 * Cuts a text into windows from `from` on: whole sentences, some two to four hundred characters.
 *
 * The ends depend on what stands before them alone, so that a growing text is cut as the whole one is; the last, open part
 * becomes a window when the text `isFinal`. Linear in the text.
 */
export function textWindows(
  text: string,
  options: { readonly from?: number; readonly isFinal?: boolean } = {},
): readonly TextWindow[] {
  const { from = 0, isFinal = true } = options;
  const windows: TextWindow[] = [];
  let start = from;
  while (start < text.length) {
    const end = windowEnd(text, start) ?? (isFinal ? text.length : undefined);
    if (end === undefined) break;
    windows.push({ contextStart: Math.max(0, start - CONTEXT), start, end });
    start = end;
  }
  return windows;
}

function windowEnd(text: string, start: number): number | undefined {
  const usual = afterShown(text, start, USUAL);
  if (usual === undefined) return undefined;
  const long = afterShown(text, usual, LONG - USUAL);
  const sentence = SENTENCE_END.exec(text.slice(usual, long));
  if (sentence !== null) return usual + sentence.index + sentence[0].length;
  if (long === undefined) return undefined;
  const part = text.slice(start, long);
  const space = start + Math.max(part.lastIndexOf(' '), part.lastIndexOf('\t'));
  if (space >= usual) return space + 1;
  const rest = text.slice(long, start + LONGEST);
  const next = rest.search(/\s/);
  if (next >= 0) return long + next + 1;
  return start + LONGEST <= text.length ? start + LONGEST : undefined;
}

/**
 * Where `count` more characters have been shown; `undefined` when the text is too short for that.
 *
 * What shows nothing and the second halves of pairs do not count, lest a disguise makes windows small.
 */
function afterShown(text: string, start: number, count: number): number | undefined {
  const part = text.slice(start, start + count);
  if (CODE.test(part)) {
    const end = start + count * CODE_LENGTH;
    return end <= text.length ? end : undefined;
  }
  if (IS_ASCII.test(part) && !SPELT.test(part))
    return part.length === count ? start + count : undefined;
  // Half the longest window each, so that two of them never exceed it.
  const last = start + LONGEST / 2;
  let at = start;
  for (let left = count; left > 0 && at < last;) {
    const code = text.codePointAt(at);
    // The second half of a pair may be about to come.
    const isHalf =
      at + 1 === text.length && code !== undefined && code >= 0xd8_00 && code <= 0xdb_ff;
    if (code === undefined || isHalf) return undefined;
    const end = at + (code > 0xff_ff ? 2 : 1);
    const isShown = code <= 0x7f ? !isGap(text, at) : !SHOWS_NOTHING.test(text.slice(at, end));
    if (isShown) left -= 1;
    at = end;
  }
  return at;
}

function isGap(text: string, at: number): boolean {
  const character = text.charAt(at);
  return GAP.test(character) && text.charAt(at - 2) === character;
}
