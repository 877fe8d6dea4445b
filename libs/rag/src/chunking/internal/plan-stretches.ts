/** Chunks that are read at once; those before `own` are read for context only. Indices of chunks, all inclusive. */
export interface Stretch {
  readonly first: number;
  readonly own: number;
  readonly last: number;
}

/** Plans what is read at once: every chunk is one's own in exactly one stretch, in order. A chunk too large stands alone. */
export function planStretches(options: {
  readonly counts: readonly number[];
  readonly windowTokens: number;
  readonly contextTokens: number;
}): Stretch[] {
  const { counts, windowTokens, contextTokens } = options;
  const stretches: Stretch[] = [];
  for (let own = 0; own < counts.length;) {
    let tokens = counts[own] ?? 0;
    let first = own;
    let context = 0;
    while (first > 0) {
      const more = counts[first - 1] ?? 0;
      if (context + more > contextTokens || tokens + more > windowTokens) break;
      context += more;
      tokens += more;
      first -= 1;
    }
    let last = own;
    while (last + 1 < counts.length && tokens + (counts[last + 1] ?? 0) <= windowTokens) {
      last += 1;
      tokens += counts[last] ?? 0;
    }
    stretches.push({ first, own, last });
    own = last + 1;
  }
  return stretches;
}
