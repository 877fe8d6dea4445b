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
  const part = text.slice(start, start + LONG);
  if (part.length > USUAL) {
    const sentence = SENTENCE_END.exec(part.slice(USUAL));
    if (sentence !== null) return start + USUAL + sentence.index + sentence[0].length;
  }
  if (part.length < LONG) return undefined;
  const space = Math.max(part.lastIndexOf(' '), part.lastIndexOf('\t'));
  if (space >= USUAL) return start + space + 1;
  const rest = text.slice(start + LONG, start + LONGEST);
  const next = rest.search(/\s/);
  if (next >= 0) return start + LONG + next + 1;
  return start + LONGEST <= text.length ? start + LONGEST : undefined;
}
