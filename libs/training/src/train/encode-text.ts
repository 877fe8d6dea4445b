import type { Tokenizer } from '@espalier/encoders';

/** One text, or a pair of texts, as an encoder takes it. */
export interface EncodedText {
  readonly ids: Int32Array;
  readonly typeIds: Int32Array;
  /** Whether it was longer than the encoder takes. */
  readonly isCut: boolean;
}

/**
 * The ids of a text or a pair with special tokens, at most `maxLength` of them.
 *
 * What is too long loses its end: of a pair the longer text, token by token, as `longest_first` of Hugging Face.
 */
export function encodeText(
  tokenizer: Tokenizer,
  { text, textPair }: { readonly text: string; readonly textPair?: string },
  maxLength: number,
): EncodedText {
  const framed = tokenizer.encodeInputs({ text, ...(textPair !== undefined && { textPair }) });
  const over = framed.ids.length - maxLength;
  if (over <= 0)
    return {
      ids: Int32Array.from(framed.ids),
      typeIds: Int32Array.from(framed.typeIds),
      isCut: false,
    };
  const { before, after } = tokenizer.frame;
  const first = tokenizer.countTokens(text);
  const second = textPair === undefined ? 0 : tokenizer.countTokens(textPair);
  const [a, b] = keptOfPair(first, second, over);
  const secondAt = framed.ids.length - after.length - second;
  const isKept = (i: number): boolean => {
    if (i >= before.length + a && i < before.length + first) return false;
    return textPair === undefined || i < secondAt + b || i >= secondAt + second;
  };
  const keep = (values: readonly number[]): Int32Array =>
    Int32Array.from(values.filter((_, i) => isKept(i))).slice(0, maxLength);
  return { ids: keep(framed.ids), typeIds: keep(framed.typeIds), isCut: true };
}

/** How many tokens of each of two texts are kept when `over` must go. */
function keptOfPair(first: number, second: number, over: number): [number, number] {
  const room = Math.max(0, first + second - over);
  const half = Math.floor(room / 2);
  if (first <= half) return [first, Math.min(second, room - first)];
  if (second <= half) return [room - second, second];
  return first > second ? [room - half, half] : [half, room - half];
}
