import { createLeastOfBest } from './least-of-best.js';

/** Slots that may be among the best `size`, by approximate scores. */
export interface Candidates {
  /** Scores at or below this cannot be among the best any more; -Infinity until `size` are known. */
  readonly threshold: number;
  offer(slot: number, score: number): void;
  /** All slots above the threshold, best first. */
  slots(): { readonly slot: number; readonly score: number }[];
}

/** Collects slots whose score is not more than `slack` below the `size`-th best. */
export function createCandidates(options: {
  size: number;
  slack: number;
  /** What is known of the threshold beforehand. */
  floor?: number;
}): Candidates {
  const { size, slack } = options;
  const best = createLeastOfBest(size);
  const offered: { slot: number; score: number }[] = [];
  const candidates = {
    threshold: options.floor ?? -Infinity,
    offer(slot: number, score: number): void {
      if (score <= candidates.threshold) return;
      offered.push({ slot, score });
      if (score <= best.least) return;
      best.offer(score);
      candidates.threshold = Math.max(candidates.threshold, best.least - slack);
    },
    slots: () =>
      offered.filter(({ score }) => score > candidates.threshold).sort((a, b) => b.score - a.score),
  };
  return candidates;
}
