import type { Bm25Index } from '../../lexical/bm25-index.js';

/** `bm25`: the word's part of the text's BM25 score; `ppmi`: how much more often it stands there than chance has it. */
export type LatentWeighting = 'bm25' | 'ppmi';

/** What the words of a text, or of a query, weigh in the matrix. */
export interface LatentTermWeights {
  /** Of length 1 together. */
  ofText(id: string): ReadonlyMap<string, number>;
  ofQuery(terms: readonly string[]): ReadonlyMap<string, number>;
}

const K1 = 1.2;

/** Tells what words weigh, by how rare they are in the index as it stands. */
export function latentTermWeights(options: {
  readonly weighting: LatentWeighting;
  readonly index: Bm25Index;
}): LatentTermWeights {
  const { weighting, index } = options;
  const weightOf = (term: string, count: number): number => {
    if (weighting === 'bm25') return (index.rarity(term) * count * (K1 + 1)) / (count + K1);
    // Texts stand for the contexts of words; log(count · texts / texts with the word), never below 0.
    const expected = Math.max(1, index.documentFrequency(term)) / Math.max(1, index.size);
    return Math.max(0, Math.log(count / expected));
  };
  const weigh = (terms: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    const weights = new Map<string, number>();
    let squares = 0;
    for (const [term, count] of counts) {
      const weight = weightOf(term, count);
      squares += weight * weight;
      weights.set(term, weight);
    }
    const norm = Math.sqrt(squares);
    if (norm > 0) for (const [term, weight] of weights) weights.set(term, weight / norm);
    return weights;
  };
  return { ofText: (id) => weigh(index.termsOf(id)), ofQuery: weigh };
}
