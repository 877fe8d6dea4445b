/** What is known of a word: lists that it stands in, and clusters of words with like use. */
export interface TaggerLexicon {
  /**
   * Bits: 1 given name, 2 surname, 4 place, 8 begins a place's name, 16 goes on with one, 32 country or state, 64 title,
   * 128 word of streets, 256 word of companies, 512 nationality or faith, 1024 month or day, 2048 role.
   */
  listsOf(hash: number): number;
  /** Of 64 clusters and of 512; 0 for none. */
  clustersOf(hash: number): readonly [coarse: number, fine: number];
}

/**
 * Reads a lexicon: rows of three 32-bit numbers (hash of the lower-case word; lists; coarse cluster × 65,536 + fine one),
 * in the order of the hash as an unsigned number.
 */
export function createTaggerLexicon(rows: Uint32Array): TaggerLexicon {
  const count = rows.length / 3;
  const rowOf = (hash: number): number => {
    const wanted = hash >>> 0;
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = rows[middle * 3] ?? 0;
      if (found === wanted) return middle;
      if (found < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };
  return {
    listsOf: (hash) => {
      const row = rowOf(hash);
      return row < 0 ? 0 : (rows[row * 3 + 1] ?? 0);
    },
    clustersOf: (hash) => {
      const row = rowOf(hash);
      const packed = row < 0 ? 0 : (rows[row * 3 + 2] ?? 0);
      return [packed >>> 16, packed & 0xff_ff];
    },
  };
}
