import type { FramedIds } from './internal/post-processor.js';

/** Cuts text into the token ids that a model was trained on. */
export interface Tokenizer {
  /** The number of ids; every id is below it. */
  readonly vocabularySize: number;
  /** What stands before and after a text given to an encoder, e.g. the ids of `[CLS]` and `[SEP]`. */
  readonly frame: { readonly before: readonly number[]; readonly after: readonly number[] };
  /** The ids of a text without the frame; at most `maxTokens` of them, the first ones. */
  encode(text: string, options?: { maxTokens?: number }): number[];
  /**
   * The ids of a text, or of a pair of texts, as a model takes them: with its special tokens unless told otherwise.
   *
   * At most `maxTokens`, special tokens included; of a pair the longer text loses its end first, as `longest_first` has it.
   * Shapes: `ids` and `typeIds` have one length.
   */
  encodeInputs(inputs: {
    text: string;
    textPair?: string;
    addsSpecialTokens?: boolean;
    maxTokens?: number;
  }): FramedIds;
  /** The number of ids that {@link Tokenizer.encode} gives, at less cost. */
  countTokens(text: string): number;
  /** The text that ids stand for; ids that are no token's are passed over. */
  decode(ids: readonly number[], options?: { skipsSpecialTokens?: boolean }): string;
  /** The token of an id; undefined where there is none. */
  tokenOf(id: number): string | undefined;
  /** The id of a token, added ones first; undefined where there is none. */
  idOf(token: string): number | undefined;
}
