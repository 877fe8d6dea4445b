import type { Span } from '@espalier/core';

/** Cuts text into ids, without special tokens of its own, and back. */
export interface SpanTokenizer {
  encode(text: string): readonly number[];
  decode(ids: readonly number[]): string;
}

/**
 * Marks the tokens of a text that lie in spans of it, also those that only reach into one.
 *
 * Places are found by cutting the text before them: tokens are counted as far as both cuts agree, then by their text.
 */
export function markSpans(options: {
  readonly tokenizer: SpanTokenizer;
  readonly text: string;
  readonly ids: readonly number[];
  readonly spans: readonly Span[];
}): Uint8Array {
  const { tokenizer, text, ids, spans } = options;
  const marks = new Uint8Array(ids.length);
  const isFaithful = tokenizer.decode(ids) === text;
  const lengthOf = (count: number): number => tokenizer.decode(ids.slice(0, count)).length;
  /** How many tokens end at or before a place. */
  const endedBy = (place: number): number => {
    const cut = tokenizer.encode(text.slice(0, place));
    let count = 0;
    while (count < cut.length && count < ids.length && cut[count] === ids[count]) count++;
    if (isFaithful) while (count < ids.length && lengthOf(count + 1) <= place) count++;
    return count;
  };
  for (const { start, end } of spans) {
    if (start >= end) continue;
    const whole = endedBy(end);
    const isCut = isFaithful && whole < ids.length && lengthOf(whole) < end;
    marks.fill(1, endedBy(start), isCut ? whole + 1 : whole);
  }
  return marks;
}
