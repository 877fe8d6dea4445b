/** A category's probability and whether it is above its threshold. */
export interface CategoryScore {
  readonly score: number;
  readonly flagged: boolean;
}

/** What a classifier says of a text. */
export interface ClassifiedText {
  /** One calibrated probability in [0, 1] by which texts can be ranked, whatever tier decided. */
  readonly score: number;
  readonly flagged: boolean;
  readonly categories: Readonly<Record<string, CategoryScore>>;
  /** The part of the text with the highest score. Units: UTF-16 code units. */
  readonly span: { readonly start: number; readonly end: number };
}

/** Rounds a probability so that outputs do not show digits that mean nothing. */
export function roundScore(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
