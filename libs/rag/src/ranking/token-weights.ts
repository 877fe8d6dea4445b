/** Tells how rare tokens are in a corpus. */
export interface TokenWeights {
  add(ids: Iterable<number>): void;
  /** One weight for each token, as BM25 weighs words. */
  weightsOf(ids: Iterable<number>): Float32Array;
}

/** Creates the inverse document frequencies of an empty corpus. */
export function createTokenWeights(): TokenWeights {
  const frequencies = new Map<number, number>();
  let count = 0;
  return {
    add(ids) {
      count += 1;
      for (const id of new Set(ids)) frequencies.set(id, (frequencies.get(id) ?? 0) + 1);
    },
    weightsOf(ids) {
      return Float32Array.from(ids, (id) => {
        const frequency = frequencies.get(id) ?? 0;
        return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
      });
    },
  };
}
