/** The least of the best `size` numbers offered so far. */
export interface LeastOfBest {
  /** -Infinity until there are so many. */
  readonly least: number;
  /** Takes a number that is greater than {@link LeastOfBest.least}, and returns the new one. */
  offer(value: number): number;
}

/** Creates one that has seen nothing. */
export function createLeastOfBest(size: number): LeastOfBest {
  /** Worst first: a heap in order of an array. */
  const best = new Float64Array(size).fill(-Infinity);
  return {
    get least() {
      return best[0] ?? -Infinity;
    },
    offer(value) {
      let at = 0;
      for (;;) {
        const left = 2 * at + 1;
        if (left >= size) break;
        const right = left + 1;
        const child = right < size && (best[right] ?? 0) < (best[left] ?? 0) ? right : left;
        if ((best[child] ?? 0) >= value) break;
        best[at] = best[child] ?? 0;
        at = child;
      }
      best[at] = value;
      return best[0] ?? -Infinity;
    },
  };
}
