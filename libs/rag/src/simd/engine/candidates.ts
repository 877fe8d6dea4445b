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
  /** The best scores, worst first: a heap in order of an array. */
  const best = new Float64Array(size).fill(-Infinity);
  const offered: { slot: number; score: number }[] = [];
  const sink = (score: number): void => {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= size) break;
      const right = left + 1;
      const child = right < size && (best[right] ?? 0) < (best[left] ?? 0) ? right : left;
      if ((best[child] ?? 0) >= score) break;
      best[at] = best[child] ?? 0;
      at = child;
    }
    best[at] = score;
  };
  const candidates = {
    threshold: options.floor ?? -Infinity,
    offer(slot: number, score: number): void {
      if (score <= candidates.threshold) return;
      offered.push({ slot, score });
      if (score <= (best[0] ?? 0)) return;
      sink(score);
      candidates.threshold = Math.max(candidates.threshold, (best[0] ?? 0) - slack);
    },
    slots: () =>
      offered.filter(({ score }) => score > candidates.threshold).sort((a, b) => b.score - a.score),
  };
  return candidates;
}
