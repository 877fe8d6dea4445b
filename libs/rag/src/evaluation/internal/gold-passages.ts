import type { GoldPassage, ShownPassage } from '../answer-case.js';

/** How well what was shown and what was cited covers the passages that hold the answer. */
export interface GoldCoverage {
  /** Share of the gold passages among those shown. */
  readonly shownGold: number;
  /** Share of the gold passages among those cited. */
  readonly goldRecall: number;
  /** Share of the cited passages that are gold. */
  readonly goldPrecision: number;
}

/** Compares passages with gold ones: by the id of passage or document, or by words that one holds of the other. */
export function coverGold(options: {
  readonly gold: readonly GoldPassage[];
  readonly shown: readonly ShownPassage[];
  readonly cited: readonly ShownPassage[];
}): GoldCoverage {
  const { gold, shown, cited } = options;
  const among = (passages: readonly ShownPassage[]): number =>
    gold.filter((one) => passages.some((passage) => isGold(passage, one))).length / gold.length;
  const right = cited.filter((passage) => gold.some((one) => isGold(passage, one))).length;
  return {
    shownGold: among(shown),
    goldRecall: among(cited),
    goldPrecision: cited.length === 0 ? 0 : right / cited.length,
  };
}

function isGold(passage: ShownPassage, gold: GoldPassage): boolean {
  const { document, quote } = gold;
  const isThere =
    document === undefined || [passage.id, passage.documentId, passage.source].includes(document);
  if (!isThere || quote === undefined) return isThere;
  const [held, wanted] = [plain(passage.text), plain(quote)];
  return held.includes(wanted) || (held !== '' && wanted.includes(held));
}

const plain = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim().toLowerCase();
