/** A token of an answer, and how likely the model itself found it. */
export interface TokenLogProbability {
  /** Its text; parts of characters are told as the replacement character. */
  readonly token: string;
  /** Natural logarithm, before any sampling option. */
  readonly logProbability: number;
  /** The likeliest tokens at its place, the likeliest first; empty where none were asked for. */
  readonly alternatives: readonly { readonly token: string; readonly logProbability: number }[];
}
