import type { ChatTemplate } from '@espalier/encoders/chat-template';
import type { TokenRow } from './token-rows.js';

/** Turns text into ids, as a model's folder says. */
export interface RowTokenizer {
  encode(text: string, options: { addsSpecialTokens: boolean }): number[];
  decode(ids: readonly number[]): string;
  /** The id that ends a completion; undefined where the model has none. */
  readonly endId: number | undefined;
  /** Loaded when the first conversation is met. */
  chatTemplate(): Promise<ChatTemplate>;
}

/** A row of ids with the tokens that are scored; the first never is. */
export function tokenRow(ids: readonly number[], scored: ArrayLike<number>): TokenRow {
  return { ids: Int32Array.from(ids), isScored: Uint8Array.from(scored).fill(0, 0, 1) };
}

/** A prompt and its completion as one row. */
export function joinIds(
  prompt: readonly number[],
  completion: readonly number[],
  isCompletion: boolean,
): TokenRow {
  return tokenRow(
    [...prompt, ...completion],
    [...prompt.map(() => (isCompletion ? 0 : 1)), ...completion.map(() => 1)],
  );
}

/** A text as one row, every token scored. */
export function textRow(tokenizer: RowTokenizer, text: string): TokenRow {
  const ids = ended(tokenizer, tokenizer.encode(text, { addsSpecialTokens: true }));
  return tokenRow(
    ids,
    ids.map(() => 1),
  );
}

/** Cut as one text, so that tokens are what the model meets; the prompt's own length says where it ends. */
export function joinText(
  tokenizer: RowTokenizer,
  prompt: string,
  completion: string,
  isCompletion: boolean,
): TokenRow {
  const head = withoutEnd(tokenizer, tokenizer.encode(prompt, { addsSpecialTokens: true }));
  const whole = tokenizer.encode(`${prompt}${completion}`, { addsSpecialTokens: true });
  const ids = ended(tokenizer, whole);
  return tokenRow(
    ids,
    ids.map((_, i) => (isCompletion && i < head.length ? 0 : 1)),
  );
}

/** Adds the end token unless it is there. */
function ended({ endId }: RowTokenizer, ids: readonly number[]): readonly number[] {
  return endId === undefined || ids.at(-1) === endId ? ids : [...ids, endId];
}

/** Some tokenizers end every text. */
function withoutEnd({ endId }: RowTokenizer, ids: readonly number[]): readonly number[] {
  return endId !== undefined && ids.at(-1) === endId ? ids.slice(0, -1) : ids;
}
