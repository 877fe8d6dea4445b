/** One row of training data as tokens. */
export interface TokenRow {
  readonly ids: Int32Array;
  /** 1 where the token is scored; the first never is. */
  readonly isScored: Uint8Array;
  /** For packs: the number of the row that each token is from, and its place there. */
  readonly segments?: Int32Array;
  readonly positions?: Int32Array;
}

/** Two answers to one prompt. */
export interface PairRow {
  readonly chosen: TokenRow;
  readonly rejected: TokenRow;
}

/** One answer and whether it is wanted. */
export interface RatedRow {
  readonly row: TokenRow;
  readonly isWanted: boolean;
}
