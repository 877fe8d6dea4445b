import type { Tokenizer } from '@espalier/encoders';

/** One text, or a pair of texts, as an encoder takes it. */
export interface EncodedText {
  readonly ids: Int32Array;
  readonly typeIds: Int32Array;
  /** Whether it was longer than the encoder takes. */
  readonly isCut: boolean;
}

/** The ids of a text or a pair with special tokens, at most `maxLength` of them; what is too long loses its end. */
export function encodeText(
  tokenizer: Tokenizer,
  { text, textPair }: { readonly text: string; readonly textPair?: string },
  maxLength: number,
): EncodedText {
  const inputs = { text, ...(textPair !== undefined && { textPair }) };
  const whole = tokenizer.encodeInputs(inputs);
  const isCut = whole.ids.length > maxLength;
  const { ids, typeIds } = isCut
    ? tokenizer.encodeInputs({ ...inputs, maxTokens: maxLength })
    : whole;
  return { ids: Int32Array.from(ids), typeIds: Int32Array.from(typeIds), isCut };
}
