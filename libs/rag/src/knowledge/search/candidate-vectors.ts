import { cosine } from '../../internal/cosine.js';

const FEEDBACK_SHARE = 0.25;
const NEIGHBORS = 5;

/**
 * Returns the query's vector drawn towards some passages: all at length 1, each passage at a quarter of its weight.
 *
 * @see Rocchio, "Relevance Feedback in Information Retrieval" (1971), with the first results for relevant ones.
 */
export function drawTowards(query: Float32Array, passages: readonly Float32Array[]): Float32Array {
  const sum = normalized(query);
  for (const passage of passages.map(normalized)) {
    for (let i = 0; i < sum.length; i += 1) {
      sum[i] = (sum[i] ?? 0) + FEEDBACK_SHARE * (passage[i] ?? 0);
    }
  }
  return sum;
}

/**
 * Returns for each candidate the mean score of the five others most like it, weighed by their likeness; its own where
 * none is like it.
 *
 * Cost: candidates² × dimension.
 *
 * @see Diaz, "Regularizing ad hoc retrieval scores" (2005) — one step, over the nearest few of the candidates.
 */
export function similarScores(
  vectors: readonly (Float32Array | undefined)[],
  scores: readonly number[],
): number[] {
  return vectors.map((own, place) => {
    const likest = vectors
      .flatMap((other, index) =>
        own === undefined || other === undefined || index === place
          ? []
          : [{ likeness: cosine(own, other), score: scores[index] ?? 0 }],
      )
      .filter(({ likeness }) => likeness > 0)
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, NEIGHBORS);
    const total = likest.reduce((sum, { likeness }) => sum + likeness, 0);
    if (total === 0) return scores[place] ?? 0;
    return likest.reduce((sum, { likeness, score }) => sum + likeness * score, 0) / total;
  });
}

function normalized(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm === 0 ? vector.slice() : vector.map((value) => value / norm);
}
